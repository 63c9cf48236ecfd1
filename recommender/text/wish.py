"""What a question in words wants, and what it rules out: "shoes, not red, under 50".

Neither a bag of words nor what a text looks like knows a "not": without this, red shoes would come first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recommender.text.denial import NOT, NT, WITHOUT
from recommender.text.prices import Prices, read_prices

SMALL = frozenset(
    """
    a am an and any anything are at be but buy by can color colored colour coloured could d do does everything find
    for from get give go has have hello hi i im in is it ive just like ll lookin looking me my need of on one ones
    or please s sell show some something that the there these they this those to want we what which who with would
    you your
    """.split()
)
"""Words that say nothing beside others."""
_SAID_SO = re.compile(r"\bw/o\b|\b(?:other|rather) than\b|\bapart from\b|\bexcept for\b|\binstead of\b", re.IGNORECASE)
TEE = re.compile(r"\bt(?:ee)?[\s-]+(?=shirt)", re.IGNORECASE)
"""What "t-shirt" and the like are written with instead of "t"."""
_ALL = frozenset(["all", "any", "anything", "every", "everything"])
_ONLY = frozenset(["just", "only"])
_OTHERS = frozenset(["it", "they", "there", "these", "we", "you"])
"""After "aren't" and the like they make a question of it: "don't you have red bags?"."""
_FOUND = frozenset(["find", "get", "see"])
"""After "can't" and the like they say what is wanted: "I can't find red shoes"."""
_BETWEEN = (SMALL - {"and", "but", "or"}) | frozenset(
    ["all", "bright", "dark", "deep", "light", "made", "much", "pale", "quite", "really", "so", "too", "very", "wear"]
)
"""What may stand between a "not" and what it rules out."""
_JOINTS = frozenset(["&", "/", "and", "nor", "or"])
_CLOSING = _JOINTS - {"&", "/"}
_QUOTES = frozenset("\"'“”„‘’«»()[]")
_NON = "non-"
_PART = re.compile(r"\w+(?:[-'’`´]\w+)*|[^\w\s]")
LONGEST = 4
"""Words of a name that is ruled out as one: "not navy blue"."""

Named = Callable[[Sequence[str]], bool]


@dataclass(frozen=True)
class Wish:
    """What was understood of a question.

    Attributes
    ----------
    wanted
        The text without what it rules out; empty where nothing else is said.
    unwanted
        What a product is not to have: words, or several that it is not to have together.
    prices
        The least and the most that it may cost, both inclusive; None for an open end.
    """

    wanted: str
    unwanted: tuple[str, ...] = ()
    prices: Prices = (None, None)

    @property
    def rules_out(self) -> bool:
        """Whether it says what a product is not to be, or to cost."""
        return bool(self.unwanted) or self.prices != (None, None)


def _never(_: Sequence[str]) -> bool:
    return False


def read_wish(text: str, priced: bool = True, named: Named = _never, called_so: Named = _never) -> Wish:
    """Take a question apart.

    Parameters
    ----------
    priced
        Whether the products have prices. Where they have none, numbers are words as all others are.
    named
        Whether some words are one name together: "navy blue".
    called_so
        Whether a product's own name has these words, of which the first one is the "no": "No Fear" rules nothing out.

    Examples
    --------
    >>> read_wish("shoes, not red or blue, under $50")
    Wish(wanted='shoes', unwanted=('red', 'blue'), prices=(None, 50.0))
    >>> read_wish("dress without long sleeves for women")
    Wish(wanted='dress for women', unwanted=('long sleeves',), prices=(None, None))
    """
    text, prices = read_prices(text) if priced else (text, (None, None))
    reader = _Reader(text, named, called_so)
    wanted, unwanted = reader.read()
    if not reader.negates:  # as it was written, marks and all
        return Wish(text.strip(), (), prices)
    return Wish(" ".join(wanted), tuple(dict.fromkeys(unwanted)), prices)


def denied_in(text: str) -> list[list[str]]:
    """What a text denies, each with the word that does so: [["No", "Fear"]] of "No Fear cap"."""
    reader = _Reader(text, _never, _never)
    reader.read()
    return reader.denied


class _Reader:
    """Reads a question part by part: words, and marks between them."""

    def __init__(self, text: str, named: Named, called_so: Named) -> None:
        parts = _PART.findall(TEE.sub("t", _SAID_SO.sub("without", text)))
        self.parts, self.named, self.called_so = parts, named, called_so
        self.bare = [re.sub("['’`´]", "", part.casefold()) for part in parts]
        self.wanted: list[str] = []
        self.unwanted: list[str] = []
        self.denied: list[list[str]] = []
        self.negates = False

    def read(self) -> tuple[list[str], list[str]]:
        """What is wanted, and what is not."""
        at = 0
        while at < len(self.parts):
            at = self._step(at)
        return self.wanted, self.unwanted

    def _step(self, at: int) -> int:
        word = self.bare[at]
        if word.startswith(_NON) and len(word) > len(_NON):
            self._rule_out([self.parts[at][len(_NON) :]], at, at + 1)
            return at + 1
        if self._denies(at):
            self.negates = True
            if self._next(at) in _ONLY or (word == "nothing" and self._next(at) in {"but", *WITHOUT}):
                return at + 2
            if NT.fullmatch(self.parts[at]) and self._next(at) in _OTHERS:
                return at + 1
            if word[:2] in {"ca", "co", "di"} and self._next(at) in _FOUND:
                return at + 2
            return self._list(at, self._skip(at + 1), digits=word != "no")
        if word == "but" and _ALL.intersection(self.bare[max(at - 3, 0) : at]):
            return self._list(at, self._skip(at + 1))
        if word in WITHOUT:
            begins = all(one in SMALL for one in map(str.casefold, self.wanted))  # "without laces shoes"
            return self._list(at, self._skip(at + 1), together=not begins)
        if _is_word(word):
            self.wanted.append(self.parts[at])
        return at + 1

    def _denies(self, at: int) -> bool:
        return self.bare[at] in NOT or bool(NT.fullmatch(self.parts[at]))

    def _next(self, at: int) -> str:
        return self.bare[at + 1] if at + 1 < len(self.bare) else ""

    def _skip(self, at: int) -> int:
        """The place of what is ruled out, past words that say nothing; marks are not passed, but quotes are."""
        while at < len(self.parts) and (self.bare[at] in _BETWEEN or self.parts[at] in _QUOTES):
            at += 1
        return at

    def _list(self, start: int, at: int, together: bool = False, digits: bool = True) -> int:
        """Rule out what stands at ``at``, and what "or", "and" and commas join to it; the place after all that."""
        items: list[str] = []
        while found := self._item(at, together, digits):
            items.append(" ".join(self.parts[at : at + found]))
            at += found
            joint = at
            if joint < len(self.parts) and self.parts[joint] == "," and self._closes(joint):
                joint += 1
            if joint < len(self.parts) and self.bare[joint] in _JOINTS:
                joint += 1
            after = self._skip(joint) if joint > at and self.bare[joint - 1] in {"nor", "or"} else joint
            if joint == at or not self._item(after, together, digits):
                break
            at = after
        if items:
            self._rule_out(items, start, at)
        return max(at, start + 1)

    def _item(self, at: int, together: bool, digits: bool) -> int:
        """How many parts from a place on are one thing that is ruled out; 0 for none."""
        for many in range(min(LONGEST, len(self.parts) - at), 1, -1):
            words = [part for part in self.parts[at : at + many] if _is_word(part)]
            if len(words) > 1 and _is_word(self.parts[at + many - 1]) and self.named(words):
                return many
        many = 0
        while at + many < len(self.parts) and self._says(at + many, digits):
            many += 1
            if not together:
                break
        return many

    def _says(self, at: int, digits: bool) -> bool:
        word = self.bare[at]
        letters = str.isalnum if digits else str.isalpha
        return any(map(letters, word)) and word not in SMALL | WITHOUT and not self._denies(at)

    def _closes(self, at: int) -> bool:
        """Whether the commas from ``at`` on end with an "or", an "and" or a "nor" before one last thing."""
        while at < len(self.parts) and self.parts[at] == ",":
            at += 1
            if at < len(self.parts) and self.bare[at] in _CLOSING:
                return True
            words = 0
            while at < len(self.parts) and self._says(at, digits=True):
                at, words = at + 1, words + 1
            if not words or words > LONGEST:
                return False
        return at < len(self.parts) and self.bare[at] in _CLOSING

    def _rule_out(self, items: list[str], start: int, end: int) -> None:
        """Keep ``items`` as unwanted; as wanted, with all that stands before them, where a product is called so."""
        self.negates = True
        denial = _NON[:-1] if self.bare[start].startswith(_NON) else self.parts[start]
        denied = [[denial, *_PART.findall(item)] for item in items]
        self.denied += denied
        if any(map(self.called_so, denied)):
            self.wanted += [part for part in self.parts[start:end] if _is_word(part)]
        else:
            self.unwanted += items


def _is_word(part: str) -> bool:
    return any(map(str.isalnum, part))
