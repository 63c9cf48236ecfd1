"""Finding products by words: "red women shoes", "women's t-shirt", an id.

A product's own words are those of its columns. Words are compared without case, accents, possessives and plurals;
"for", "in" and the like don't count beside others, and some words stand for others ("ladies", "trainers"). In a
list that narrows while a person still types, a word that no product has is taken for the beginning of one.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd

from recommender.catalog.catalog import LABEL_COLUMNS
from recommender.catalog.labels import naming_columns
from recommender.catalog.values import as_text
from recommender.text.denial import MAY_DENY
from recommender.text.spelling import HISSES, folded, folded_part, indexed, other_names, said_in, words_of
from recommender.text.wish import LONGEST, Wish, denied_in, read_wish

COLUMNS = ("id", *LABEL_COLUMNS, "brand", "year", "productDisplayName")
KINDS = ("masterCategory", "subCategory", "articleType")
"""Columns that say what sort of thing a product is."""

_LEAST = 3
"""Letters of each of two words that a person writes as one."""


class Words:
    """Which rows of a frame hold which words: read once, then asked for every key that is pressed.

    Parameters
    ----------
    frame
        A catalogue's columns; those of :data:`COLUMNS` that it has are read, and others of text that name things. Its
        ``price``, where it has one, is what prices in a question are compared with.

    Attributes
    ----------
    describes
        Whether products have words beside their ids.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._rows = len(frame)
        self._prices = _prices(frame)
        self.describes = False
        names: set[tuple[str, ...]] = set()
        kinds: set[str] = set()
        denials: set[tuple[str, ...]] = set()
        numbers: dict[str, int] = {}
        words, rows = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        for column in dict.fromkeys([*(name for name in COLUMNS if name in frame.columns), *naming_columns(frame)]):
            codes, values = pd.factorize(frame[column].map(as_text, na_action="ignore"))
            if column not in ("id", "productDisplayName"):
                said = [tuple(map(folded_part, words_of(text))) for text in values]
                names.update(name for name in said if 1 < len(name) <= LONGEST)
                kinds.update(chain.from_iterable(said) if column in KINDS else ())
            for text in filter(MAY_DENY.search, values):  # few do, and only those are read
                denials.update(tuple(map(folded_part, words)) for words in denied_in(text))
            spoken = [[numbers.setdefault(word, len(numbers)) for word in indexed(text)] for text in values]
            self.describes |= column != "id" and any(spoken)
            # The last place is for the code -1 of a missing value.
            lengths = np.array([*map(len, spoken), 0])[codes]
            words.append(_joined(spoken, codes))
            rows.append(np.repeat(np.arange(self._rows, dtype=np.int32), lengths))
        word, row = np.concatenate(words), np.concatenate(rows)
        order = np.argsort(word, kind="stable")
        self._found = row[order]
        self._starts = np.searchsorted(word[order], np.arange(len(numbers) + 1))
        self._numbers = numbers
        self._names = frozenset(names)
        self._kinds = frozenset(kinds)
        self._denials = frozenset(denials)
        self._sorted = sorted(numbers)

    def wish(self, text: str) -> Wish:
        """What ``text`` wants and what it rules out."""
        return read_wish(
            text,
            self._prices is not None,
            lambda words: tuple(map(folded_part, words)) in self._names,
            lambda words: tuple(map(folded_part, words)) in self._denials,
            lambda words: bool(words) and self._kinds.issuperset(map(folded_part, words)),
            self._describes if self.describes else None,
        )

    def _describes(self, words: Sequence[str]) -> bool:
        """Whether some product has the first of these words, be it in one with the next."""
        first = self._asked(" ".join(words))[:1]
        return any(self._holds(word, whole=True).any() for word in first)

    def fits(self, wish: Wish) -> np.ndarray:
        """Rows that nothing in ``wish`` rules out, (n,) bool: a price that is not known is not within any."""
        fits = np.ones(self._rows, dtype=bool)
        least, most = wish.prices
        if self._prices is not None and wish.prices != (None, None):
            fits &= self._prices >= (-np.inf if least is None else least)
            fits &= self._prices <= (np.inf if most is None else most)
        for phrase in wish.unwanted:
            fits &= ~self._unwanted(phrase, wish)
        return fits

    def beyond(self, wish: Wish) -> tuple[tuple[str, ...], float | None]:
        """Words of which there are products, but none at the wished prices, and what of these costs nearest to them.

        These are the words that no product at these prices has, or else all that are known, of which none has all.
        """
        if self._prices is None or wish.prices == (None, None):
            return (), None
        fits, wanted = self.fits(wish), self.fits(replace(wish, prices=(None, None))) & ~np.isnan(self._prices)
        holds = {word: self._holds(word, whole=True) & wanted for word in self._asked(wish.wanted)}
        known = [word for word in holds if holds[word].any()]
        none = [word for word in known if not (holds[word] & fits).any()]
        for words in filter(None, (none, known, none[:1])):  # where no product has all of them, one tells enough
            found = np.logical_and.reduce([holds[word] for word in words])
            if found.any() and not (found & fits).any():
                prices = self._prices[found]
                return tuple(words), float(prices[np.abs(prices - np.clip(prices, *wish.prices)).argmin()])
        return (), None

    def idle(self, wish: Wish) -> tuple[str, ...]:
        """Of what a wish rules out, that of which no product is."""
        return tuple(phrase for phrase in wish.unwanted if not self._unwanted(phrase, wish).any())

    def _unwanted(self, phrase: str, wish: Wish) -> np.ndarray:
        """Rows that hold all words of a phrase, but not by another name of what is wanted."""
        names = (
            name
            for word in said_in(wish.wanted)
            for name in (word, *other_names(word, folded_part(word) in self._numbers))
        )
        wanted = frozenset(folded_part(part) for name in names for part in name.split())
        words = [self._holds(word, True, wanted) for word in said_in(phrase)]
        return np.logical_and.reduce(words) if words else np.zeros(self._rows, dtype=bool)

    def match(self, text: str) -> np.ndarray:
        """Rows that hold every word that ``text`` wants, and none that it rules out, (n,) bool.

        Text without a letter or digit matches all.
        """
        wish = self.wish(text)
        passed = self.fits(wish)
        for word in self._asked(wish.wanted):
            if not passed.any():
                break
            passed &= self._holds(word)
        return passed

    def shares(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """How much of ``text`` is among each row's own words, and the words that no row has.

        A word counts one and the logarithm of all rows over those that have it, since a rare one says more
        (Spärck Jones, "A statistical interpretation of term specificity and its application in retrieval", 1972); the
        one, since a word that most products have is wanted all the same.

        Returns
        -------
        shares
            (n,) float32 in [0, 1]: 1 where a row holds every word that any row holds, 0 where it holds none.
        unknown
            The words that no row holds, as they were written but for case, accents and possessives.
        """
        found, total, unknown = np.zeros(self._rows), 0.0, []
        for word in self._asked(text):
            # Nothing is begun here: "me" begins "men", and "brass" a brand.
            holds = self._holds(word, whole=True)
            many = int(np.count_nonzero(holds))
            if not many:
                unknown.append(word)
                continue
            weight = 1 + math.log((1 + self._rows) / (1 + many))
            found[holds] += weight
            total += weight
        return np.minimum(found / total if total else found, 1).astype(np.float32), tuple(unknown)

    def _asked(self, text: str) -> list[str]:
        """The words of a question; two that products have in one word are one ("ear rings")."""
        words = said_in(text)
        at = 0
        while at + 1 < len(words):
            both = words[at] + words[at + 1]
            apart = all(folded(word) in self._numbers for word in words[at : at + 2])
            if folded(both) in self._numbers and not (apart and self._together(words[at : at + 2])):
                words[at : at + 2] = [both]
            at += 1
        return words

    def _together(self, words: list[str]) -> bool:
        """Whether a product has all of these words."""
        return bool(np.logical_and.reduce([self._one(folded(word), whole=True) for word in words]).any())

    def _holds(self, word: str, whole: bool = False, wanted: frozenset[str] = frozenset()) -> np.ndarray:
        """Rows that hold a word, or unless it is ``whole`` one that begins so.

        One with hyphens may stand joined or in its parts ("sea-green"), and some are called otherwise too, but not as
        what is ``wanted``: "sunglasses, no goggles".
        """
        joined = folded(word.replace("-", ""))
        holds = self._one(joined, whole)
        if "-" in word:
            holds = holds | self._all(word.split("-"), whole)
        for other in other_names(word, joined in self._numbers):
            if wanted.isdisjoint(map(folded, other.split())):
                holds = holds | self._all(other.split(), whole=True)
        if not holds.any():
            holds = self._in_two(joined)
        return holds

    def _all(self, words: list[str], whole: bool) -> np.ndarray:
        return np.logical_and.reduce([self._one(folded(word), whole) for word in words])

    def _one(self, word: str, whole: bool) -> np.ndarray:
        found = [word] if word in self._numbers else []
        if not (found or whole):
            found = self._beginning(word) or self._plural_begun(word)
        holds = np.zeros(self._rows, dtype=bool)
        for number in map(self._numbers.__getitem__, found):
            holds[self._found[self._starts[number] : self._starts[number + 1]]] = True
        return holds

    def _in_two(self, word: str) -> np.ndarray:
        """Rows that hold a word in two: "flipflops" where products are called flip flops."""
        for at in range(_LEAST, len(word) - _LEAST + 1):
            parts = [word[:at], word[at:]]
            if all(folded(part) in self._numbers for part in parts) and (holds := self._all(parts, True)).any():
                return holds
        return np.zeros(self._rows, dtype=bool)

    def _plural_begun(self, word: str) -> list[str]:
        """The word whose plural in -es is being typed: "dresse" is on the way to "dresses", but no part of "dress"."""
        single = word.removesuffix("e")
        return [single] if single.endswith(HISSES) and word != single and single in self._numbers else []

    def _beginning(self, start: str) -> list[str]:
        at = bisect_left(self._sorted, start)
        return self._sorted[at : bisect_left(self._sorted, start + "\U0010ffff", at)]


def match(frame: pd.DataFrame, text: str) -> np.ndarray:
    """Rows of ``frame`` that hold every word of ``text``, (n,) bool; see :class:`Words` to ask more than once.

    Examples
    --------
    >>> shoes = pd.DataFrame({"id": ["1", "2"], "gender": ["Women", "Men"], "subCategory": ["Shoes", "Shoes"]})
    >>> match(shoes, "women's shoe").tolist()
    [True, False]
    """
    return Words(frame).match(text)


def _joined(spoken: list[list[int]], codes: np.ndarray) -> np.ndarray:
    """``spoken[code]`` for each code one after the other, and nothing for -1, without a list for every row."""
    flat = np.fromiter(chain.from_iterable(spoken), np.int32)
    many = np.array([*map(len, spoken), 0])
    starts, lengths = (np.cumsum(many) - many)[codes], many[codes]
    return flat[np.arange(lengths.sum()) + np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)]


def _prices(frame: pd.DataFrame) -> np.ndarray | None:
    """(n,) float of a column of prices; None where there is none."""
    if "price" not in frame.columns or not pd.api.types.is_numeric_dtype(frame["price"]):
        return None
    # To cents: what is held in single precision as 49.99 is a little more.
    return frame["price"].to_numpy(float, na_value=np.nan).round(2)
