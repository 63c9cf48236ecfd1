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


def test_prices_of_a_question_are_told(call: Any, drawn_path: Path, photos: list[Path]) -> None:  # noqa: F811
    done = call("find", "handbags between 6 and 4000", "-c", drawn_path, "-k", 2)
    assert done.stderr == "Prices from 6 to 4,000.\n"
    assert "Prices" not in done.stdout
    done = call("search", photos[0], "-c", drawn_path, "-k", 2, "--words", "under 9.5, not red", "--json")
    assert done.stderr.splitlines() == ["Left out: red.", "Prices up to 9.50."]


def test_a_path_is_one_line(call: Any, drawn_path: Path, photos: list[Path], tmp_path: Path) -> None:  # noqa: F811
    odd = tmp_path / "one\n\x1b[31mtwo.jpg"
    odd.write_bytes(photos[0].read_bytes())
    done = call("search", odd, "-c", drawn_path, "-k", 1)
    assert done.stdout.splitlines()[0] == str(tmp_path / "one  [31mtwo.jpg")
    assert "\x1b" not in done.stdout


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
