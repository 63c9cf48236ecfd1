"""How an answer is shown: in a notebook, in a terminal, as JSON."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest

from recommender.catalog import LABEL_COLUMNS, from_table
from recommender.results import LabelGuess, LabelScore, Recommendation
from recommender.service import Recommender
from tests import drawn

HOSTILE = "<img src=x onerror=alert(1)>'\"&</div><script>\x1b[31m\nred"


@pytest.fixture
def hostile(photo: bytes) -> Recommendation:
    """An answer whose titles and labels are somebody's attempt at mischief."""
    entries = [drawn.changed(e, productDisplayName=HOSTILE, id=f"{HOSTILE}{e['id']}") for e in drawn.rows()[:3]]
    answer = Recommender.open(from_table(drawn.table(entries), "x")).recommend(photo)
    guess = LabelGuess(HOSTILE, (LabelScore(HOSTILE, 0.5),), False)
    return replace(answer, labels={HOSTILE: guess})


def test_the_notebook_shows_texts_as_texts(hostile: Recommendation) -> None:
    page = hostile._repr_html_()
    assert page.count(html.escape(HOSTILE)) == 5  # three titles, a column and its label
    left = page.replace(html.escape(HOSTILE), "")
    assert set(re.findall(r"<(\w+)", left)) == {"div", "img", "ul", "li", "b", "small"}
    assert "onerror" not in left
    assert left.count("<img") == 4
    assert "data:image/jpeg;base64," in left
    assert "not sure" in left


def test_the_terminal_shows_no_control_sequences(hostile: Recommendation) -> None:
    text = str(hostile)
    assert "\x1b" not in text
    assert len(text.splitlines()) == 4


def test_show_prints_outside_of_a_notebook(shop: Recommender, photo: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    shop.recommend(photo, 3).show()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(LABEL_COLUMNS) + 3
    assert lines[0].startswith("masterCategory: ")


def test_json_of_an_answer(shop: Recommender, photo: bytes) -> None:
    answer = shop.recommend(photo, 108)
    found = json.loads(json.dumps(answer.to_dict(), allow_nan=False))
    words = {"unknown_words", "left_out", "not_left_out", "prices"}
    assert set(found) == {"labels", "known", "within", "available", *words, "products", "ms"}
    columns = ["id", "similarity", *(c for c in shop.catalogue.frame.columns if c != "id")]
    assert list(found["products"][0]) == columns
    assert None in {product["price"] for product in found["products"]}
    assert all(set(c) == {"label", "probability"} for column in found["labels"].values() for c in column)


def test_a_column_called_similarity_does_not_hide_ours(photo: bytes) -> None:
    entries = [drawn.changed(entry, similarity=-7.0) for entry in drawn.rows()[:3]]
    found = Recommender.open(from_table(drawn.table(entries), "x")).recommend(photo).to_dict()
    assert all(0 <= product["similarity"] <= 1 for product in found["products"])
