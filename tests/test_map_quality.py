"""What is said of how far a map can be trusted, and what docs/clusters.md says was measured on the shipped pictures."""

from __future__ import annotations

import re

import numpy as np
import pytest

from recommender.app.components.map_quality import sentences
from recommender.images.alike import gaps
from recommender.maps.map import EmbeddingMap
from recommender.maps.twins import GAP, thumbnail_of
from recommender.service import Recommender
from recommender.settings import ROOT


@pytest.mark.parametrize(
    ("trustworthiness", "said"), [(0.515, "0.52"), (0.9211, "0.92"), (0.9987, "0.99"), (1.0, "1.00")]
)
def test_trustworthiness_is_no_share_of_anything(trustworthiness: float, said: str) -> None:
    quality = {"trustworthiness": trustworthiness, "neighbours_kept": 0.5}
    (sentence,) = sentences(EmbeddingMap("pca", np.zeros((40, 2), np.float32), quality, 1.0, ""))
    assert f"(trustworthiness): {said}, where 1 is perfect and about 0.5 is chance." in sentence
    assert sentence.count("%") == 1


def test_the_difference_of_marked_duplicates_is_as_the_page_says(demo: Recommender) -> None:
    text = " ".join((ROOT / "docs" / "clusters.md").read_text(encoding="utf-8").split())
    told = re.search(r"Of the marked duplicates, some of which are cropped, it is (0\.\d+) at most", text)
    assert told
    catalogue = demo.catalogue
    pairs = [
        (row, catalogue.row_of(to)) for row, to in enumerate(catalogue.frame["duplicateOf"]) if isinstance(to, str)
    ]
    one, other = (np.stack([thumbnail_of(catalogue.image(row)) for row in side]) for side in zip(*pairs, strict=True))
    most = float(gaps(one, other).max())
    assert most <= float(told[1]) < GAP
    assert most == pytest.approx(float(told[1]), abs=5e-4)
