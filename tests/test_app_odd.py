"""The page "Find similar" over catalogues of another shape than the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import streamlit

from recommender.app import resources
from recommender.app.state import WITHIN
from recommender.catalog import from_table
from recommender.service import Recommender
from tests import drawn
from tests.test_app import control, facet, found, open_app, words
from tests.test_explore import few, unlabelled

Put = Callable[[list[dict[str, Any]]], None]


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Iterator[Put]:
    """Puts a catalogue of these products behind the app."""

    def opened(entries: list[dict[str, Any]]) -> None:
        streamlit.cache_resource.clear()
        monkeypatch.setattr(Recommender, "open", partial(Recommender.open, from_table(drawn.table(entries), "odd")))

    yield opened
    streamlit.cache_resource.clear()


def test_the_only_product_blames_no_filters(put: Put) -> None:
    put(few(1))
    app = open_app(product=resources.shop().catalogue.ids[0])
    assert not app.exception
    assert "no other product" in app.info[0].value
    assert "filters" not in words(app)


def test_a_breadth_that_the_catalogue_has_no_column_for_is_not_offered(put: Put) -> None:
    put(unlabelled())
    app = open_app(sample=resources.samples()[0].name, within="articleType")
    assert not app.exception
    assert "That didn't work" not in words(app)
    assert len(found(app)) == len(resources.shop().catalogue)
    assert "Search in" not in [box.label for box in app.selectbox]  # one choice is none
    assert resources.shop().breadths == ()


def test_a_list_to_choose_from_knows_no_markdown(put: Put) -> None:
    put([drawn.changed(entry, articleType=f"soap & care_{n:02}") for n, entry in enumerate(drawn.rows(1))])
    app = open_app(product=resources.shop().catalogue.ids[0])
    assert not app.exception
    assert app.multiselect(key=control(app, facet("category").key)).options[0] == "Soap & care_00"


def test_the_shipped_model_tells_every_breadth_of_the_shipped_catalogue() -> None:
    assert resources.shop().breadths == WITHIN[1:]
