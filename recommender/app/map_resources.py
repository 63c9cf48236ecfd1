"""What the map page caches, shared by all visitors: read it, never change it.

Its libraries load where they are used, so that the other pages don't wait for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recommender.app import resources
from recommender.app.frames import in_a_row

if TYPE_CHECKING:
    import numpy as np
    from pandas import Series

    from recommender.app.components.map_plot import Tips
    from recommender.atlas import Atlas
    from recommender.jobs import Job
    from recommender.maps.colours import Categories, Scale
    from recommender.maps.labels import Name
    from recommender.maps.mistakes import Suspects
    from recommender.maps.neighbours import Neighbours
    from recommender.text.own_words import Words

NO_COLOURS = ("id", "image", "productDisplayName", "variantOf")
"""Columns that nothing is coloured by: they name single products."""

TIPS = ("articleType", "gender", "baseColour")
"""Columns that the pointer shows under the title."""


@st.cache_resource(show_spinner=False, max_entries=1)
def atlas() -> Atlas:
    """The maps of the catalogue."""
    from recommender.atlas import Atlas

    return Atlas(resources.shop())


def words() -> Words:
    """The catalogue, to be searched by words."""
    return resources.shop().words.own


@st.cache_resource(show_spinner=False, max_entries=1)
def colour_columns() -> tuple[str, ...]:
    """Columns that the map can be coloured by: the labels first, and no text that is another one in each row."""
    frame, labels = resources.shop().catalogue.frame, resources.shop().catalogue.label_columns
    others = [column for column in frame.columns if column not in (*labels, *NO_COLOURS)]
    return (*labels, *(column for column in others if _tells_kinds(frame[column])))


def _tells_kinds(values: Series) -> bool:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values):
        return True
    given = values.dropna()
    if any(not isinstance(value, str | bool) for value in given):
        return False
    return len(given) < 3 or given.nunique() <= len(given) / 2


@st.cache_resource(show_spinner=False, max_entries=24)
def colouring(column: str) -> Categories | Scale:
    """The products' colours by a column; all of one where it is empty, as there is none to colour by."""
    from recommender.maps.colours import categories, colour_by

    frame = resources.shop().catalogue.frame
    return colour_by(frame, column) if column else categories([None] * len(frame))


@st.cache_resource(show_spinner=False, max_entries=1)
def tips() -> Tips:
    """Titles and a few attributes of all products, for the pointer."""
    import numpy as np

    from recommender.app.components.map_plot import Tips
    from recommender.catalog.labels import label_text

    frame = resources.shop().catalogue.frame
    ids = frame["id"].tolist()
    given = label_text(frame["productDisplayName"]) if "productDisplayName" in frame else [None] * len(ids)
    titles = (" ".join((title or f"Product {key}").split()) for title, key in zip(given, ids, strict=True))
    facts, codes = [], []
    for column in (name for name in TIPS if name in frame):
        values = label_text(frame[column])
        known = {value: number for number, value in enumerate(dict.fromkeys(values))}
        if len(known) <= 2**16:
            facts.append({"values": [value or "" for value in known]})
            codes.append(np.array([known[value] for value in values], np.uint16))
    return Tips("\n".join(titles).encode(), facts, np.array(codes, np.uint16).reshape(len(facts), len(ids)))


@st.cache_resource(show_spinner=False, max_entries=48)
def names(method: str, column: str) -> tuple[Name, ...]:
    """The names of a column's values on a map that is at hand."""
    from recommender.catalog.labels import label_text
    from recommender.maps.labels import place_names

    if not column:
        return ()
    return place_names(atlas().map(method).points, label_text(resources.shop().catalogue.frame[column]))


@st.cache_resource(show_spinner=False, max_entries=48)
def clusters(method: str, k: int | None, drawn_by: str) -> tuple[Categories, tuple[Name, ...]]:
    """Colours of clusters that are at hand (``k`` None: as many as suggested), and their names on a method's map."""
    from recommender.maps.colours import categories
    from recommender.maps.labels import place_names

    found = atlas().clusters(method, k)
    values = [found.names[label] for label in found.labels]
    return categories(values, most=found.k), place_names(atlas().map(drawn_by).points, values)


@st.cache_resource(show_spinner=False, max_entries=1, validate=lambda job: not job.failed)
def neighbours() -> Job[Neighbours]:
    """Every product's nearest ones, looked for in the background from the first call on; anew where that failed."""
    from recommender.jobs import Job
    from recommender.maps.mistakes import K
    from recommender.maps.neighbours import neighbours

    vectors = resources.shop().vectors
    return Job(lambda report: neighbours(vectors, K, report))


@st.cache_resource(show_spinner=False, max_entries=12)
def suspects(column: str) -> Suspects:
    """Products whose label the neighbours contradict."""
    from recommender.catalog.labels import label_text
    from recommender.maps.mistakes import suspects

    return suspects(
        resources.shop().vectors, label_text(resources.shop().catalogue.frame[column]), near=neighbours().wait()
    )


@st.cache_data(show_spinner=False, max_entries=8_000)
def thumbnail(product_id: str, fingerprint: str) -> np.ndarray:
    """What a product's picture is from far away; ``fingerprint`` is the catalogue's."""
    from recommender.maps.twins import thumbnail_of

    return thumbnail_of(resources.product(product_id).image, resources.shop().settings)


@st.cache_data(show_spinner=False, max_entries=200)
def contact_sheet(product_ids: tuple[str, ...]) -> bytes:
    """The pictures of some products of the present catalogue in a row."""
    return in_a_row([resources.picture(product_id) for product_id in product_ids])
