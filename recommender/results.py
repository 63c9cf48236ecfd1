"""What the service gives back: labels with probabilities, products with similarity, and where time went."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

KNOWN_ENOUGH = 0.5
"""A photo that is less ``known`` is said to show no product."""

MOST_LETTERS = 300
"""Letters of a title or label that people are shown; JSON has them all."""

_NO_PRODUCT = "I don't see a product here. What follows is what merely looks nearest."


@dataclass(frozen=True)
class LabelScore:
    """One candidate of a label column; ``probability`` in [0, 1]."""

    label: str
    probability: float


@dataclass(frozen=True)
class LabelGuess:
    """What the classifier says of one column.

    ``candidates`` come best first; ``sure`` is False where the best one is below what
    the classifier was measured to get right often enough.
    """

    column: str
    candidates: tuple[LabelScore, ...]
    sure: bool

    @property
    def best(self) -> LabelScore:
        return self.candidates[0]


@dataclass(frozen=True)
class Product:
    """A catalogue product as a result: its columns, its picture and how alike it is.

    ``similarity`` is the cosine to the query's picture, or to its words where it had none, clipped
    to [0, 1]. ``image`` is the encoded picture as it stands in the catalogue (JPEG, PNG or WebP).
    """

    id: str
    similarity: float
    columns: Mapping[str, Any]
    image: bytes = field(repr=False)

    @property
    def title(self) -> str:
        name = str(self.columns.get("productDisplayName") or "")
        return name if name.strip() else f"Product {self.id}"

    def to_dict(self, alike: bool = True) -> dict[str, Any]:
        """JSON-ready: id, similarity (None unless ``alike``), then every column but the picture."""
        return {
            "id": self.id,
            "similarity": round(self.similarity, 4) if alike else None,
            # A column of the catalogue may be called "similarity" too: ours is the one that is meant.
            **{k: v for k, v in self.columns.items() if k not in ("id", "similarity")},
        }


@dataclass(frozen=True)
class Timings:
    """Milliseconds a step took."""

    decode: float
    encode: float
    search: float
    total: float

    def to_dict(self) -> dict[str, float]:
        return {step: round(getattr(self, step), 2) for step in ("decode", "encode", "search", "total")}


@dataclass(frozen=True, eq=False)
class Recommendation:
    """The answer to one photo, to one product, or to words.

    Attributes
    ----------
    labels
        Column to :class:`LabelGuess`; empty when the query was no photo.
    products
        Best first; exactly ``min(k, available)`` of them.
    available
        How many products passed the filters and the category restriction.
    within
        The categories searched, as ``(column, names)``; None for the whole catalogue.
    known
        In [0, 1]: how much the photo looks like a product at all.
    vector
        (d,) float32 of unit length: the picture's, or the words' where there was no picture.
    preview
        The query picture as a small JPEG, upright.
    unknown_words
        Words of the question that no product is described by.
    unseen_words
        Those of them that say nothing of a look either, so that they change nothing.
    guessed
        Whether no product is described by any of the words: the answer goes by their look alone.
    unread
        Whether nothing of the words could be used: the answer is the one without them.
    left_out
        Words of the question that no product of the answer is described by: "red" of "not red".
    not_left_out
        Words that were to be left out, but that no product of the catalogue is described by.
    prices
        The least and the most that the question lets a product cost; None for an open end.
    beyond_prices
        Words of the question by which products are described, but none at these prices.
    nearest_price
        What of those costs nearest to these prices.
    pictured
        Whether the query had a picture: likeness to words alone is not said.
    passed
        How many products passed the filters, of whatever category; 0 where nobody counted.
    """

    labels: Mapping[str, LabelGuess]
    products: tuple[Product, ...]
    available: int
    within: tuple[str, tuple[str, ...]] | None
    known: float
    ms: Timings
    vector: np.ndarray = field(repr=False)
    preview: bytes = field(repr=False, default=b"")
    unknown_words: tuple[str, ...] = ()
    unseen_words: tuple[str, ...] = ()
    guessed: bool = False
    unread: bool = False
    left_out: tuple[str, ...] = ()
    not_left_out: tuple[str, ...] = ()
    prices: tuple[float | None, float | None] = (None, None)
    beyond_prices: tuple[str, ...] = ()
    nearest_price: float | None = None
    pictured: bool = True
    passed: int = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, as the command line prints it: everything but the vector and the pictures."""
        return {
            "labels": {
                column: [{"label": c.label, "probability": round(c.probability, 4)} for c in guess.candidates]
                for column, guess in self.labels.items()
            },
            "known": round(float(self.known), 4),
            "within": None if self.within is None else {"column": self.within[0], "names": list(self.within[1])},
            "available": self.available,
            "unknown_words": list(self.unknown_words),
            "left_out": list(self.left_out),
            "not_left_out": list(self.not_left_out),
            "prices": list(self.prices),
            "products": [product.to_dict(self.pictured) for product in self.products],
            "ms": self.ms.to_dict(),
        }

    @property
    def rules_out(self) -> bool:
        """Whether the question's words keep products out of the answer."""
        return bool(self.left_out) or self.prices != (None, None)

    @property
    def understood(self) -> tuple[str, ...]:
        """What was understood of the words beside what is looked for, in sentences; none where that is all."""
        said = []
        if self.unread:
            said.append("Nothing is known of these words, so they change nothing.")
        elif self.unknown_words:
            guess = " What follows is a guess by the look." if self.guessed else ""
            said.append(f"No product is described by: {_listed(self.unknown_words)}.{guess}")
        if self.left_out:
            said.append(f"Left out: {_listed(self.left_out)}.")
        if self.not_left_out:
            said.append(f"Nothing was left out for: {_listed(self.not_left_out)}. No product is described so.")
        if self.prices != (None, None):
            said.append(f"Prices {_range(*self.prices)}.")
        if self.nearest_price is not None:
            words, cost = " and ".join(map(_short, self.beyond_prices)), _amount(self.nearest_price)
            said.append(f"No product at such a price is described by: {words}. The {self.nearest} costs {cost}.")
        return tuple(said)

    @property
    def nearest(self) -> str:
        """Which product :attr:`nearest_price` is of: where prices have one end, the cheapest or the dearest."""
        least, most = self.prices
        return "cheapest" if least is None else "dearest" if most is None else "nearest"

    @property
    def _nothing(self) -> str:
        """Why there is no product."""
        if self.within and self.passed:
            return (
                f"The model names none of the values of {self.within[0]} that the products to choose from have. "
                "Search without keeping within it."
            )
        return f"No product passes the filters{' and is left by the words' if self.rules_out else ''}."

    def _repr_html_(self) -> str:
        """Picture, labels and products for a notebook; every text is escaped."""
        badges = "".join(
            f"<li><b>{html.escape(_short(column))}</b> {html.escape(_short(guess.best.label))} "
            f"({_whole(guess.best.probability)}{'' if guess.sure else ', not sure'})</li>"
            for column, guess in self.labels.items()
        )
        cards = "".join(
            f"<div style='width:130px'>{_picture(product.image, 130)}<div>{html.escape(_short(product.title))}</div>"
            f"{f'<small>{_whole(product.similarity)} alike</small>' if self.pictured else ''}</div>"
            for product in self.products
        )
        query = _picture(self.preview, 180) if self.preview else ""
        doubt = f"<p>{html.escape(_NO_PRODUCT)}</p>" if self.known < KNOWN_ENOUGH else ""
        heard = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.understood)
        return (
            f"{doubt}{heard}<div style='display:flex;gap:16px'>{query}<ul>{badges}</ul></div>"
            f"<div style='display:flex;flex-wrap:wrap;gap:12px'>{cards or html.escape(self._nothing)}</div>"
        )

    def show(self) -> None:
        """Display in a notebook; outside of one, print a short text."""
        try:
            from IPython import get_ipython
            from IPython.display import display
        except ImportError:
            print(self)
            return
        if get_ipython() is None:
            print(self)
        else:
            display(self)

    def __str__(self) -> str:
        return "\n".join([*map(one_line, self.understood), self.listing()])

    def listing(self) -> str:
        """Labels and products for a terminal, without what was understood of the words."""
        lines = [_NO_PRODUCT] if self.known < KNOWN_ENOUGH else []
        lines += [
            f"{_short(column)}: {_short(guess.best.label)} "
            f"({_whole(guess.best.probability)}{'' if guess.sure else ', not sure'})"
            for column, guess in self.labels.items()
        ]
        for product in self.products:
            # Words are no picture: how near both lie to each other says little, and is not what orders the products.
            alike = f"{short_of_all(product.similarity, 0.001):6.1%}  " if self.pictured else ""
            lines.append(f"{alike}{_short(product.id):>8}  {_short(product.title)}")
        if not self.products:
            lines.append(self._nothing)
        return "\n".join(map(one_line, lines))


def _listed(words: Sequence[str]) -> str:
    return ", ".join(map(_short, words))


def _range(least: float | None, most: float | None) -> str:
    """What products may cost: "up to 50", "from 20", "from 20 to 49.99"."""
    ends = (("from", least), ("to" if least is not None else "up to", most))
    return " ".join(f"{word} {_amount(end)}" for word, end in ends if end is not None)


def _amount(price: float) -> str:
    return f"{price:,.2f}".removesuffix(".00")


def _whole(share: float) -> str:
    return "<1%" if 0 < share < 0.005 else f"{short_of_all(share, 0.01):.0%}"


def short_of_all(value: float, step: float) -> float:
    """A share that is rounded to ``step`` next: below 1 where it is not all, but for a similarity's own rounding."""
    return value if value >= 1 - 1e-5 else min(value, 1 - step)


def one_line(text: str) -> str:
    """Other people's words, as titles are, for a terminal: without line breaks and control sequences."""
    return "".join(c if c.isprintable() else " " for c in text)


def _short(text: str) -> str:
    """Other people's words, as a whole page in a title may be, no longer than a person would read."""
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"


def _picture(data: bytes, width: int) -> str:
    kind = "png" if data[:4] == b"\x89PNG" else "webp" if data[8:12] == b"WEBP" else "jpeg"
    return f"<img width='{width}' src='data:image/{kind};base64,{base64.b64encode(data).decode()}'>"
