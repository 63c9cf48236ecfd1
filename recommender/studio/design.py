"""What one rendered product is: the description from which picture and labels both come.

A :class:`Design` is drawn from a seed before anything is modelled. The builders
read it to make geometry and materials, the catalogue table reads it for its
labels, so a label can't disagree with its picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recommender.studio.scene import Studio

RGB = tuple[float, float, float]


@dataclass(frozen=True)
class Design:
    """One product: its labels, its colours and the seed of everything else about it.

    ``colour`` and ``accent`` are linear RGB in [0, 1]; ``baseColour`` is the word
    for ``colour``. ``pattern`` is one of plain, striped, plaid, spotted, graphic.
    ``seed`` drives cut, proportions, view and folds; two designs with the same
    ``seed`` and different colours are colour variants of one design.
    """

    id: str
    seed: int
    masterCategory: str
    subCategory: str
    articleType: str
    gender: str
    baseColour: str
    season: str
    usage: str
    pattern: str
    colour: RGB
    accent: RGB
    accentColour: str


Builder = Callable[[Design, "Studio"], None]


@dataclass(frozen=True)
class Article:
    """One line of the registry: an article type, what it may look like and its builder.

    Every mapping gives relative weights. ``price`` is the range in whole units of
    the shop's currency; ``nouns`` are the words that titles use for the article.
    """

    articleType: str
    subCategory: str
    masterCategory: str
    build: Builder
    genders: Mapping[str, float]
    colours: Mapping[str, float]
    patterns: Mapping[str, float]
    usages: Mapping[str, float]
    seasons: Mapping[str, float]
    price: tuple[int, int]
    nouns: tuple[str, ...]
    fragile: bool = False
    weight: float = 1.0


ARTICLES: dict[str, Article] = {}


def article(articleType: str, subCategory: str, masterCategory: str, **about: Any) -> Callable[[Builder], Builder]:
    """Register the decorated builder as the way to model ``articleType``."""

    def register(build: Builder) -> Builder:
        if articleType in ARTICLES:
            raise ValueError(f"{articleType} is registered twice")
        ARTICLES[articleType] = Article(articleType, subCategory, masterCategory, build, **about)
        return build

    return register
