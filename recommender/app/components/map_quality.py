"""How far a map can be trusted, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from recommender.app import resources
from recommender.app.components.map_controls import method_title
from recommender.app.wording import listing, plain, share
from recommender.maps.map import EmbeddingMap
from recommender.reduction.quality import measured_neighbours
from recommender.results import short_of_all

KINDS = {"masterCategory": "department", "subCategory": "category", "articleType": "type"}


def map_quality(maps: Sequence[EmbeddingMap]) -> None:
    """One short paragraph a map: what it keeps of the pictures' likeness, and what it simplifies."""
    for drawn in maps:
        st.caption(f"**{plain(method_title(drawn.method))}.** " + " ".join(sentences(drawn)))


def sentences(drawn: EmbeddingMap) -> list[str]:
    """What the measurements of a map say, worst case first: a flat map can't keep everything."""
    quality, said = drawn.quality, []
    if "neighbours_kept" in quality:
        many = measured_neighbours(len(drawn.points))
        which = f"the {many} products that look" if many > 1 else "the product that looks"
        said.append(
            f"Of {which} most like one, {share(quality['neighbours_kept'])} are among its "
            f"{many} nearest here. How far what lies close together can be trusted to be alike (trustworthiness): "
            f"{short_of_all(quality['trustworthiness'], 0.01):.2f}, where 1 is perfect and about 0.5 is chance."
        )
    named = [f"its {KINDS[column]} for {share(quality[column])}" for column in KINDS if column in quality]
    if named:
        said.append(f"From its neighbours on the map alone one would name {listing(named, 'and')} of the products.")
    if not said:
        said.append(f"With {resources.facts().size} products there is nothing to measure yet.")
    return [*said, drawn.note] if drawn.note else said
