"""Words on the command line, alone and beside a look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recommender.service import Recommender
from tests.test_cli import WORDS, call, lines, photos, sentence  # noqa: F401  (fixtures)


def test_find(call: Any, drawn_path: Path, shop: Recommender) -> None:  # noqa: F811
    done = call("find", "pink", "zeppelin", "handbags", "-c", drawn_path, "-k", 3, "--json")
    assert done.returncode == 0
    (line,) = lines(done)
    assert list(line) == ["words", *WORDS, "products", "ms"]
    assert line["unknown_words"] == ["zeppelin"]
    assert [product["similarity"] for product in line["products"]] == [None] * 3
    assert line["words"] == "pink zeppelin handbags"
    want = shop.find("pink zeppelin handbags", 3).products
    assert [product["id"] for product in line["products"]] == [product.id for product in want]
    assert "No product is described by: zeppelin." in done.stderr
    assert "Pink" in call("find", "pink handbags", "-c", drawn_path, "-k", 1).stdout
    assert "red women shoes" in sentence(call("find", "?!", "-c", drawn_path))


def test_what_words_rule_out_is_told(call: Any, drawn_path: Path, photos: list[Path]) -> None:  # noqa: F811
    done = call("find", "handbags, not pink, without zippers", "-c", drawn_path, "-k", 3, "--json")
    (line,) = lines(done)
    assert (line["left_out"], line["not_left_out"], line["prices"]) == (["pink"], ["zippers"], [None, None])
    assert "Left out: pink." in done.stderr
    assert "Nothing was left out for: zippers." in done.stderr
    assert "Nothing is known of these words" in call("search", photos[0], "-c", drawn_path, "--words", "靴").stderr


def test_words_beside_a_look(call: Any, photos: list[Path], drawn_path: Path, shop: Recommender) -> None:  # noqa: F811
    done = call("search", *photos[:2], "-c", drawn_path, "-k", 4, "--words", "in yellow zeppelin", "--json")
    line, _ = lines(done)
    assert done.stderr.count("No product is described by: zeppelin.") == 1
    want = shop.recommend(photos[0], 4, words="in yellow zeppelin").products
    assert [product["id"] for product in line["products"]] == [product.id for product in want]
    own = want[0].id
    (line,) = lines(call("similar", own, "-c", drawn_path, "-k", 4, "--words", "pink", "--json"))
    assert [product["id"] for product in line["products"]] == [
        p.id for p in shop.similar_to(own, 4, words="pink").products
    ]
