"""Finding products by words: "red women shoes", "women's t-shirt", an id.

A product's own words are those of its columns. Words are compared without case, accents, possessives and plurals;
"for", "in" and the like don't count beside others, and some words stand for others ("ladies", "trainers"). In a
list that narrows while a person still types, a word that no product has is taken for the beginning of one.
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
from recommender.catalog.values import as_text
from recommender.text.wish import SMALL, Wish, read_wish

COLUMNS = ("id", *LABEL_COLUMNS, "brand", "year", "productDisplayName")

_APOSTROPHE = re.compile(r"['’`´](?:s\b)?")
_TEE = re.compile(r"\bt(?:ee)?[\s-]+(?=shirt)")
_WORD = re.compile(r"\w+(?:-\w+)*")
# Letters that are no other letter with an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
# People write these in more than one way, and no rule of spelling joins them.
_SPELLINGS = {
    "man": "men",
    "woman": "women",
    "gray": "grey",
    "jewelry": "jewellery",
    "tee": "tshirt",
    "color": "colour",
    "pajama": "pyjama",
    "scarve": "scarf",
    "knive": "knife",
    "shelve": "shelf",
    "children": "child",
}
# What shops call otherwise than people do. Each is found beside what is called by the word itself.
_ALSO = {
    "lady": ("women",),
    "female": ("women",),
    "gent": ("men",),
    "gentleman": ("men",),
    "gentlemen": ("men",),
    "male": ("men",),
    "kid": ("boy", "girl"),
    "child": ("boy", "girl"),
    "trainer": ("sneaker", "sports shoe"),
    "spectacle": ("sunglass",),
    "goggle": ("sunglass",),
    "hat": ("cap",),
    "blouse": ("top",),
    "jumper": ("sweater",),
    "pullover": ("sweater",),
    "hoodie": ("sweatshirt",),
    "pant": ("trouser",),
    "gown": ("dress",),
    "frock": ("dress",),
    "purse": ("handbag", "clutch"),
    "rucksack": ("backpack",),
    "necktie": ("tie",),
    "stripe": ("striped",),
    "stripy": ("striped",),
    "check": ("plaid",),
    "checked": ("plaid",),
    "checkered": ("plaid",),
    "chequered": ("plaid",),
    "tartan": ("plaid",),
    "dot": ("spotted",),
    "dotted": ("spotted",),
    "print": ("graphic",),
    "printed": ("graphic",),
    "solid": ("plain",),
}
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
        self._titles = frame["productDisplayName"].to_numpy(object) if "productDisplayName" in frame.columns else None
        self.describes = False
        numbers: dict[str, int] = {}
        words, rows = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        for column in dict.fromkeys([*(name for name in COLUMNS if name in frame.columns), *naming_columns(frame)]):
            codes, values = pd.factorize(frame[column].map(as_text, na_action="ignore"))
            spoken = [[numbers.setdefault(word, len(numbers)) for word in _indexed(text)] for text in values]
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
        self._sorted = sorted(numbers)

    def wish(self, text: str) -> Wish:
        """What ``text`` wants and what it rules out; it rules out nothing where a title says so itself ("No Fear")."""
        wish = read_wish(text, self._prices is not None)
        if wish.unwanted and self._titles is not None:
            called = np.logical_and.reduce([self._holds(word, whole=True) for word in _said(text)])
            ruled_out = set(map(_plain, wish.unwanted))
            for title in self._titles[called]:
                if ruled_out <= set(map(_plain, read_wish(str(title), priced=False).unwanted)):
                    return Wish(text)
        return wish

    def fits(self, wish: Wish) -> np.ndarray:
        """Rows that nothing in ``wish`` rules out, (n,) bool: a price that is not known is not within any."""
        fits = np.ones(self._rows, dtype=bool)
        least, most = wish.prices
        if self._prices is not None and wish.prices != (None, None):
            fits &= self._prices >= (-np.inf if least is None else least)
            fits &= self._prices <= (np.inf if most is None else most)
        for word in wish.unwanted:
            fits &= ~self._holds(_plain(word), whole=True)
        return fits

    def knows(self, word: str) -> bool:
        """Whether any product is described by a word."""
        return bool(self._holds(_plain(word), whole=True).any())

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
        found, total, unknown = np.zeros(self._rows, np.float32), 0.0, []
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
        return (found / total if total else found), tuple(unknown)

    def _asked(self, text: str) -> list[str]:
        """The words of a question; two that products have in one word are one ("ear rings")."""
        words = _said(text)
        at = 0
        while at + 1 < len(words):
            both = words[at] + words[at + 1]
            apart = all(_folded(word) in self._numbers for word in words[at : at + 2])
            if _folded(both) in self._numbers and not (apart and self._together(words[at : at + 2])):
                words[at : at + 2] = [both]
            at += 1
        return words

    def _together(self, words: list[str]) -> bool:
        """Whether a product has all of these words."""
        return bool(np.logical_and.reduce([self._one(_folded(word), whole=True) for word in words]).any())

    def _holds(self, word: str, whole: bool = False) -> np.ndarray:
        """Rows that hold a word, or unless it is ``whole`` one that begins so.

        One with hyphens may stand joined or in its parts ("sea-green"), and some are called otherwise too.
        """
        folded = _folded(word.replace("-", ""))
        holds = self._one(folded, whole)
        if "-" in word:
            holds = holds | self._all(word.split("-"), whole)
        for other in _ALSO.get(folded, ()):
            holds = holds | self._all(other.split(), whole=True)
        if not holds.any():
            holds = self._in_two(folded)
        return holds

    def _all(self, words: list[str], whole: bool) -> np.ndarray:
        return np.logical_and.reduce([self._one(_folded(word), whole) for word in words])

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
            if all(_folded(part) in self._numbers for part in parts) and (holds := self._all(parts, True)).any():
                return holds
        return np.zeros(self._rows, dtype=bool)

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
    return [word for word in words if word not in SMALL] or words


def _prices(frame: pd.DataFrame) -> np.ndarray | None:
    """(n,) float of a column of prices; None where there is none."""
    if "price" not in frame.columns or not pd.api.types.is_numeric_dtype(frame["price"]):
        return None
    return frame["price"].to_numpy(float, na_value=np.nan)


def _plain(text: str) -> str:
    """Without case, accents and possessives, and with every way to write T-shirt made one."""
    # NFKD would make of an acute accent that stands alone a blank.
    spread = unicodedata.normalize("NFKD", text.casefold().replace("´", "'"))
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return _TEE.sub("t", _APOSTROPHE.sub("", bare.translate(_LETTERS)))


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
