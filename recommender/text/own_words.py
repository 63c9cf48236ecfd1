"""Finding products by words: "red women shoes", "women's t-shirt", an id.

A product's own words are those of its columns. Words are compared without case, accents, possessives and plurals;
"for", "in" and the like don't count beside others. A word that no product has is taken for
the beginning of one, so that a list narrows while a person still types.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache
from itertools import chain

import numpy as np
import pandas as pd

from recommender.catalog.catalog import LABEL_COLUMNS
from recommender.catalog.labels import naming_columns

COLUMNS = ("id", *LABEL_COLUMNS, "brand", "year", "productDisplayName")

_APOSTROPHE = re.compile(r"['’`´](?:s\b)?")
_TEE = re.compile(r"\bt[\s-]+(?=shirt)")
_WORD = re.compile(r"\w+(?:-\w+)*")
# People write these in more than one way, and no rule of spelling joins them.
_SPELLINGS = {"man": "men", "woman": "women", "gray": "grey", "jewelry": "jewellery", "tee": "tshirt"}
_SMALL = frozenset(["a", "an", "and", "for", "in", "like", "of", "on", "or", "some", "something", "the", "to", "with"])


class Words:
    """Which rows of a frame hold which words: read once, then asked for every key that is pressed.

    Parameters
    ----------
    frame
        A catalogue's columns; those of :data:`COLUMNS` that it has are read, and others of text that name things.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._rows = len(frame)
        numbers: dict[str, int] = {}
        words, rows = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        for column in dict.fromkeys([*(name for name in COLUMNS if name in frame.columns), *naming_columns(frame)]):
            codes, values = pd.factorize(frame[column].map(_text, na_action="ignore"))
            spoken = [[numbers.setdefault(word, len(numbers)) for word in _indexed(text)] for text in values]
            # The last place is for the code -1 of a missing value.
            lengths = np.array([*map(len, spoken), 0])[codes]
            words.append(_joined(spoken, codes))
            rows.append(np.repeat(np.arange(self._rows, dtype=np.int32), lengths))
        word, row = np.concatenate(words), np.concatenate(rows)
        order = np.argsort(word, kind="stable")
        self._found = row[order]
        self._starts = np.searchsorted(word[order], np.arange(len(numbers) + 1))
        self._numbers = numbers
        self._sorted = sorted(numbers)

    def match(self, text: str) -> np.ndarray:
        """Rows that hold every word of ``text``, (n,) bool; text without a letter or digit matches all."""
        passed = np.ones(self._rows, dtype=bool)
        for word in _said(text):
            if not passed.any():
                break
            passed &= self._holds(word)
        return passed

    def shares(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """How much of ``text`` is among each row's own words, and the words that no row has.

        A word counts by the logarithm of one and all rows over those that have it, since a rare one says more
        (Spärck Jones, "A statistical interpretation of term specificity and its application in retrieval", 1972).

        Returns
        -------
        shares
            (n,) float32 in [0, 1]: 1 where a row holds every word that any row holds, 0 where it holds none.
        unknown
            The words that no row holds, as they were written but for case, accents and possessives.
        """
        found, whole, unknown = np.zeros(self._rows, np.float32), 0.0, []
        for word in _said(text):
            # A lone letter is the beginning of hundreds of words, and means none of them.
            alone = len(word) == 1 and word.isascii() and word not in self._numbers
            holds = np.zeros(self._rows, bool) if alone else self._holds(word)
            many = int(np.count_nonzero(holds))
            if not many:
                unknown.append(word)
                continue
            weight = math.log((1 + self._rows) / many)
            found[holds] += weight
            whole += weight
        return (found / whole if whole else found), tuple(unknown)

    def _holds(self, word: str) -> np.ndarray:
        """Rows that hold a word; one with hyphens may stand joined or in its parts ("sea-green")."""
        holds = self._one(_folded(word.replace("-", "")))
        if "-" in word:
            parts = [self._one(_folded(part)) for part in word.split("-")]
            holds = holds | np.logical_and.reduce(parts)
        return holds

    def _one(self, word: str) -> np.ndarray:
        found = [word] if word in self._numbers else self._beginning(word) or self._plural_begun(word)
        holds = np.zeros(self._rows, dtype=bool)
        for number in map(self._numbers.__getitem__, found):
            holds[self._found[self._starts[number] : self._starts[number + 1]]] = True
        return holds

    def _plural_begun(self, word: str) -> list[str]:
        """The word whose plural in -es is being typed: "dresse" is on the way to "dresses", but no part of "dress"."""
        single = word.removesuffix("e")
        return [single] if single.endswith(_HISSES) and word != single and single in self._numbers else []

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


def _said(text: str) -> list[str]:
    """The different words of a question, without the small ones unless there are no others."""
    words = list(dict.fromkeys(_WORD.findall(_plain(text))))
    return [word for word in words if word not in _SMALL] or words


def _text(value: object) -> str:
    """A value as people write it: a year that a table holds as 2012.0 is 2012."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _plain(text: str) -> str:
    """Without case, accents and possessives, and with every way to write T-shirt made one."""
    # NFKD would make of an acute accent that stands alone a blank.
    spread = unicodedata.normalize("NFKD", text.casefold().replace("´", "'"))
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return _TEE.sub("t", _APOSTROPHE.sub("", bare))


def _indexed(text: str) -> set[str]:
    """The words that a product of this text is found by."""
    words = _WORD.findall(_plain(text))
    return {_folded(part) for word in words for part in (word.replace("-", ""), *word.split("-"))}


_HISSES = ("ss", "sh", "ch", "x")


@lru_cache(maxsize=65536)
def _folded(word: str) -> str:
    """A word in the form in which singular and plural are the same; not always one that exists."""
    if word.endswith(("ies", "ie")):
        word = word.removesuffix("s").removesuffix("ie") + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    return _SPELLINGS.get(word, word)
