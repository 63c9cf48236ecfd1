"""What a question in words wants, and what it rules out: "shoes, not red, under 50".

Neither a bag of words nor what a text looks like knows a "not": without this, red shoes would come first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from recommender.text.common_words import PLAIN_COLOURS, SHADES, SMALL, is_colour, say_nothing
from recommender.text.denial import NOT, NT, WITHOUT
from recommender.text.prices import Known, Prices, read_prices

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
    ["all", "made", "much", "quite", "really", "so", "too", "very", "wear"]
)
"""What may stand between a "not" and what it rules out."""
_JOINTS = frozenset(["&", "/", "and", "nor", "or"])
_CLOSING = _JOINTS - {"&", "/"}
_ENDING = SMALL | WITHOUT
_QUOTES = frozenset("\"'“”„‘’«»()[]")
_NON = "non-"
_PART = re.compile(r"\w+(?:[-'’`´]\w+)*|[^\w\s]")
_SIZES = frozenset(["size", "sizes"])
"""What begins another wish, and nothing that "and" joins to what is ruled out."""
_LARGER = frozenset(["above", "bigger", "heavier", "higher", "larger", "longer", "more", "over", "taller"])
_COMPARING = _LARGER | {"below", "fewer", "less", "lighter", "lower", "shorter", "smaller", "under"}
"""With a number or "than" these speak of a measure: "not over 15 inches"."""
LONGEST = 4
"""Words of a name that is ruled out as one: "not navy blue"."""
MOST = 600
"""Letters of a text that are read: a pasted page must not become work."""

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


def read_wish(
    text: str,
    priced: bool = True,
    named: Named = _never,
    called_so: Named = _never,
    kind: Named = _never,
    known: Known | None = None,
) -> Wish:
    """Take a question apart.

    Parameters
    ----------
    priced
        Whether the products have prices. Where they have none, numbers are words as all others are.
    named
        Whether some words are one name together: "navy blue".
    called_so
        Whether a product's own name has these words, of which the first one is the "no": "No Fear" rules nothing out.
    kind
        Whether a word says what sort of thing a product is: "not dark jeans" are jeans.
    known
        Whether the first of some words is one of the products': "under 50 shoes" is a price, "under 50 inches" is none.

    Examples
    --------
    >>> read_wish("shoes, not red or blue, under $50")
    Wish(wanted='shoes', unwanted=('red', 'blue'), prices=(None, 50.0))
    >>> read_wish("dress without long sleeves for women")
    Wish(wanted='dress for women', unwanted=('long sleeves',), prices=(None, None))
    """
    text = text[:MOST]
    text, prices = read_prices(text, known) if priced else (text, (None, None))
    reader = _Reader(text, named, called_so, kind)
    words, unwanted = reader.read()
    # Where it rules out nothing, as it was written, marks and all.
    wish = Wish(" ".join(words) if reader.negates else text.strip(), tuple(dict.fromkeys(unwanted)), prices)
    # "It's not red" asks for no more than "not red": what is left of it must not be looked for.
    left = words_in(wish.wanted)
    sorts = any(kind([word]) for word in left)  # a shop may sort things under "Others"
    return replace(wish, wanted="") if wish.rules_out and say_nothing(left) and not sorts else wish


def denied_in(text: str) -> list[list[str]]:
    """What a text denies, each with the word that does so: [["No", "Fear"]] of "No Fear cap"."""
    reader = _Reader(text[:MOST], _never, _never, _never)
    reader.read()
    return reader.denied


class _Way(Enum):
    """How much after a word that rules out belongs to it."""

    ONE = auto()
    """One word, and a shade or a colour's name with it: "not red shoes", "not dark blue shoes"."""
    THING = auto()
    """One thing with its colour: "without laces shoes", "without blue stripes"."""
    ALL = auto()
    """All words up to a small one or a mark: "dress without long sleeves"."""


class _Reader:
    """Reads a question part by part: words, and marks between them."""

    def __init__(self, text: str, named: Named, called_so: Named, kind: Named) -> None:
        self.parts = _PART.findall(TEE.sub("t", _SAID_SO.sub("without", text)))
        self.named, self.called_so, self.kind = named, called_so, kind
        self.bare = [re.sub("['’`´]", "", part.casefold()) for part in self.parts]
        self.wanted: list[str] = []
        self.unwanted: list[str] = []
        self.denied: list[list[str]] = []
        self.negates = False
        self.closing = 0

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
            if self._at(at + 1) in _ONLY or (word == "nothing" and self._at(at + 1) in {"but", *WITHOUT}):
                return at + 2
            if NT.fullmatch(self.parts[at]) and self._at(at + 1) in _OTHERS:
                return at + 1
            if word[:2] in {"ca", "co", "di"} and self._at(at + 1) in _FOUND:
                return at + 2
            begin = self._skip(at + 1)
            if self._compares(begin):
                return begin
            shown = self._shown(at, begin)
            if shown > begin:
                self.wanted += self.parts[begin:shown]
                return self._list(at, shown + 1) if self._at(shown) == "in" else shown
            return self._list(at, begin, digits=word != "no")
        if word == "but" and _ALL.intersection(self.bare[max(at - 3, 0) : at]):
            return self._list(at, self._skip(at + 1))
        if word in WITHOUT:
            way = _Way.THING if say_nothing(self.wanted) else _Way.ALL  # "without laces shoes"
            return self._list(at, self._skip(at + 1), way)
        if _is_word(word):
            self.wanted.append(self.parts[at])
        return at + 1

    def _denies(self, at: int) -> bool:
        return self.bare[at] in NOT or bool(NT.fullmatch(self.parts[at]))

    def _at(self, at: int) -> str:
        """The word or mark at a place; "" past the end."""
        return self.bare[at] if at < len(self.bare) else ""

    def _skip(self, at: int) -> int:
        """The place of what is ruled out, past words that say nothing; marks are not passed, but quotes are."""
        while at < len(self.parts) and (self.bare[at] in _BETWEEN or self.parts[at] in _QUOTES):
            at += 1
        return at

    def _compares(self, at: int) -> bool:
        """Whether a measure is compared with: "more than 15 inches", of which the words of no product tell."""
        after = self._at(at + 1)
        return self._at(at) in _COMPARING and (after == "than" or after[:1].isdigit())

    def _shown(self, at: int, begin: int) -> int:
        """Where what is wanted ends though a "no" stands before it: "don't show me shoes in red".

        That is where its colour comes next, or a measure that it is not to have: "no bags over 15 inches". The place is
        ``begin`` where there is nothing of the sort.
        """
        end = begin
        while self._says(end) and not self._compares(end):
            end += 1
        if any(is_colour(word) or word in SHADES for word in self.bare[begin:end]):
            return begin
        refused = self.bare[at] == "no" or "do" in self.bare[at - 1 : at] or bool(NT.fullmatch(self.parts[at]))
        if self._compares(end):
            return end if refused and self.bare[end] in _LARGER else begin
        coloured = self._at(end) == "in" and is_colour(self._at(end + 1 + (self._at(end + 1) in SHADES)))
        # Where something is wanted already, "in" is about that: "red shoes, no heels in blue".
        return end if refused and coloured and say_nothing(self.wanted) else begin

    def _list(self, start: int, at: int, way: _Way = _Way.ONE, digits: bool = True) -> int:
        """Rule out what stands at ``at``, and what "or", "and" and commas join to it; the place after all that."""
        items: list[str] = []
        while found := self._item(at, way, digits):
            items.append(" ".join(self.parts[at : at + found]))
            at += found
            after = self._joined(at, len(items) == 1, way, digits)
            if after is None:
                break
            at = after
        if not items:
            return max(at, start + 1)
        self._rule_out(items, start, at)
        # What an "and" joins to nothing any more is no part of it: "not red, and long sleeves".
        joint = at + (self._at(at) == ",")
        return joint + 1 if self._at(joint) == "and" else at

    def _joined(self, at: int, first: bool, way: _Way, digits: bool) -> int | None:
        """The place of what a comma or a word joins to the thing that ends at ``at``; None for nothing.

        "And" joins like to like, a colour to a colour, or it goes on with what is wanted: "not red and long sleeves".
        """
        joint = at + (self._at(at) == "," and self._closes(at, way, digits))
        if self._at(joint) in _JOINTS:
            joint += 1
        after = self._skip(joint) if joint > at and self.bare[joint - 1] in {"nor", "or"} else joint
        found = 0 if joint == at or self._at(after) in _SIZES else self._item(after, way, digits)
        if not found:
            return None
        if self.bare[joint - 1] == "and":
            colours = is_colour(self.bare[at - 1]), is_colour(self.bare[after + found - 1])
            paused = first and joint == at + 2  # one thing, a comma and "and"
            if (paused and not all(colours)) or (way is _Way.ONE and colours[0] is not colours[1]):
                return None
        return after

    def _item(self, at: int, way: _Way, digits: bool = True) -> int:
        """How many parts from a place on are one thing that is ruled out; 0 for none."""
        for many in range(min(LONGEST, len(self.parts) - at), 1, -1):
            words = [part for part in self.parts[at : at + many] if _is_word(part)]
            if len(words) > 1 and _is_word(self.parts[at + many - 1]) and self.named(words):
                return many
        end = at
        while self._says(end, digits) and (way is _Way.ALL or self.bare[end] in SHADES):
            end += 1
        while self._says(end, digits) and is_colour(self.bare[end]):
            end += 1
            if self.bare[end - 1] in PLAIN_COLOURS:  # "navy blue" is one colour, "black blue" are two
                break
        if self._says(end, digits) and (end == at or self._is_whole(at, end, way)):
            end += 1
        return end - at

    def _is_whole(self, at: int, end: int, way: _Way) -> bool:
        """Whether a word is ruled out together with the colour or shade before it, and not wanted in another one.

        "Table, not dark wood", but "not dark jeans" and "red shoes, not bright shoes".
        """
        if self.kind(self.parts[end : end + 1]):
            return False
        if way is _Way.THING:
            return True
        if any(map(is_colour, self.bare[at:end])):  # a colour's name is whole already
            return False
        others = self._says(end + 1) or not say_nothing(self.wanted)  # or else nothing would be wanted at all
        return others and self.bare[end] not in map(str.casefold, self.wanted)

    def _says(self, at: int, digits: bool = True) -> bool:
        word = self._at(at)
        letters = str.isalnum if digits else str.isalpha
        return any(map(letters, word)) and word not in _ENDING and not self._denies(at)

    def _closes(self, at: int, way: _Way, digits: bool) -> bool:
        """Whether the commas from ``at`` on end with an "or", an "and" or a "nor" before one last thing.

        Between them stands one thing each: "not red, long sleeves and pockets" rules out nothing but red.
        """
        if at < self.closing:  # read before, for an earlier comma
            return True
        while self._at(at) == ",":
            at += 1
            if self._at(at) in _CLOSING:
                break
            found = 0 if self._at(at) in _SIZES else self._item(at, way, digits)
            if not 0 < found <= LONGEST:
                return False
            at += found
        if self._at(at) not in _CLOSING:
            return False
        self.closing = at
        return True

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


def words_in(text: str) -> list[str]:
    """The words of a text as they are written."""
    return [part for part in _PART.findall(text) if _is_word(part)]


def _is_word(part: str) -> bool:
    return any(map(str.isalnum, part))
