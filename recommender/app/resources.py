"""Everything that is cached, and all of it shared by all visitors: read it, never change it."""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from recommender.app.frames import as_tile, on_card
from recommender.app.state import FACETS, PAGE, Price
from recommender.app.wording import is_given
from recommender.errors import CatalogError
from recommender.results import Product
from recommender.settings import ASSETS

if TYPE_CHECKING:
    from recommender.service import Recommender

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sample:
    """A sample photo: its name in links, what it is called, all that is said of it, and its file."""

    name: str
    title: str
    story: str
    path: Path


@dataclass(frozen=True)
class Facts:
    """What the filters need to know of the catalogue.

    ``values`` maps a facet's name to the values, most frequent first; facets whose column
    the catalogue lacks, or which has one value only, are absent. ``prices`` bounds all prices
    in whole units, None where there are none.
    """

    size: int
    values: Mapping[str, tuple[str, ...]]
    prices: Price | None


@st.cache_resource(show_spinner=False, max_entries=1)
def shop() -> Recommender:
    """The recommender over the shipped catalogue; opened once for all visitors."""
    from recommender.service import Recommender

    return Recommender.open()


@st.cache_resource(show_spinner=False, max_entries=1)
def facts() -> Facts:
    """What can be filtered by."""
    frame = shop().catalogue.frame
    values = {}
    for facet in FACETS:
        if facet.column in frame:
            counts = frame[facet.column].dropna().astype(str).value_counts()
            names = tuple(name for name in counts.index if name)
            if len(names) > 1:
                values[facet.name] = names
    prices = [float(price) for price in frame["price"].dropna()] if "price" in frame else []
    bounds = (float(math.floor(min(prices))), float(math.ceil(max(prices)))) if prices else None
    return Facts(len(frame), values, bounds if bounds and bounds[0] < bounds[1] else None)


@dataclass(frozen=True)
class ModelFacts:
    """What the model's file says of itself; zero or empty where it says nothing.

    ``measured`` maps a column to accuracy and both ends of its 95 % interval, in [0, 1], and to the number of products
    that it was measured on.
    ``catalogue`` is the one that it was trained on, "" for the model that comes with the project;
    ``fine_tuned`` says whether that training began with earlier weights.
    """

    training: int
    products: int
    measured: Mapping[str, tuple[float, float, float, int]]
    catalogue: str = ""
    fine_tuned: bool = False


@st.cache_resource(show_spinner=False, max_entries=1)
def model_facts() -> ModelFacts:
    """Where the numbers on the About page come from."""
    about: Mapping[str, Any] = getattr(shop().classifier, "about", {})
    split = about.get("split", {})
    measured = {
        column: (
            float(values["accuracy"]),
            float(values.get("low", 0.0)),
            float(values.get("high", 1.0)),
            int(values.get("products", split.get("validation", 0))),
        )
        for column, values in about.get("measured", {}).items()
        if "accuracy" in values
    }
    return ModelFacts(
        int(split.get("training", 0)),
        int(split.get("validation", 0)),
        measured,
        str(about.get("catalogue", "")),
        bool(about.get("config", {}).get("start_from")),
    )


@st.cache_resource(show_spinner=False, max_entries=1)
def picks(count: int = PAGE) -> tuple[str, ...]:
    """Ids of products to start from, of as many different kinds as there are."""
    frame = shop().catalogue.frame
    if "variantOf" in frame:
        frame = frame[~frame["variantOf"].map(is_given)]
    if "articleType" not in frame:
        return tuple(str(i) for i in frame["id"][:count])
    # The most frequent kinds first; further rounds only where there are fewer kinds than wanted.
    turn = frame.groupby("articleType").cumcount()
    size = frame.groupby("articleType")["id"].transform("size")
    order = frame.assign(turn=turn, size=-size).sort_values(["turn", "size", "articleType"], kind="stable")
    return tuple(str(i) for i in order["id"][:count])


@st.cache_resource(show_spinner=False, max_entries=1)
def samples() -> tuple[Sample, ...]:
    """The shipped sample photos; none where their list is missing or can't be read."""
    folder = ASSETS / "samples"
    try:
        entries = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        _log.warning("No list of samples at %s", folder)
        return ()
    found = (_sample(folder, entry) for entry in entries)
    return tuple(sample for sample in found if sample and sample.path.is_file())


def _sample(folder: Path, entry: Mapping[str, Any]) -> Sample | None:
    file = entry.get("file")
    if not isinstance(file, str) or Path(file).name != file:
        return None
    stem = Path(file).stem
    story = str(entry.get("title") or stem.replace("-", " ").replace("_", " ").capitalize())
    return Sample(stem, re.split("[,;:]", story)[0], story, folder / file)


def sample(name: str) -> Sample:
    """The sample called ``name``; raises CatalogError if there is none."""
    for one in samples():
        if one.name == name:
            return one
    raise CatalogError("This link names a sample photo that doesn't exist here.")


@st.cache_data(show_spinner=False, max_entries=32)
def sample_tile(name: str) -> bytes:
    """A square, upright thumbnail of a sample."""
    return as_tile(sample(name).path.read_bytes())


@st.cache_data(show_spinner=False, max_entries=2_000)
def card_picture(product_id: str, fingerprint: str) -> bytes:
    """A product's picture in the one shape that all cards have.

    ``fingerprint`` is the catalogue's: the same id may be another product in another one.
    """
    return on_card(shop().product(product_id).image)


@st.cache_data(show_spinner=False, max_entries=500)
def variants(product_id: str, fingerprint: str) -> tuple[str, ...]:
    """Ids of the other variants of a product, by the catalogue's ``variantOf``; ``fingerprint`` as above."""
    frame = shop().catalogue.frame
    if "variantOf" not in frame:
        return ()
    ids, parents = frame["id"].astype(str), frame["variantOf"].map(lambda v: str(v) if is_given(v) else "")
    own = parents[ids == product_id]
    root = (own.iloc[0] if len(own) else "") or product_id
    family = ids[(ids == root) | (parents == root)]
    return tuple(i for i in family if i != product_id)


def product(product_id: str) -> Product:
    """A product of the catalogue; raises CatalogError if there is none."""
    return shop().product(product_id)


def picture(product_id: str) -> bytes:
    """The card picture of a product of the present catalogue."""
    return card_picture(product_id, shop().catalogue.fingerprint)


def siblings(product_id: str) -> tuple[str, ...]:
    """The variants of a product of the present catalogue."""
    return variants(product_id, shop().catalogue.fingerprint)
