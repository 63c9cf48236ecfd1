"""What a question in words wants, and what it rules out: "shoes, not red, under 50".

Neither a bag of words nor what a text looks like knows a "not": without this, red shoes would come first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SMALL = frozenset(
    """
    a am an and any are at be but buy by can color colored colour coloured could d do does find for from get give go
    has have hello hi i im in is it ive just like ll lookin looking me my need of on or please s sell show some
    something that the there these they this those to want we what which who with would you your
    """.split()
)
"""Words that say nothing beside others."""
_NOT = frozenset(["arent", "doesnt", "dont", "isnt", "never", "no", "non", "nor", "not"])
"""What rules out the next word."""
_WITHOUT = frozenset(["except", "excluding", "minus", "without"])
"""What rules out all words up to a small one, a mark or the end."""
_ALL = frozenset(["all", "anything", "everything"])
_ONLY = frozenset(["just", "only"])
_OR = frozenset(["nor", "or"])
_NON = "non-"
_PART = re.compile(r"\w+(?:[-'’`´]\w+)*|[^\w\s]")
_APOSTROPHES = re.compile("['’`´]")

_MAYBE_NOT = r"\b(?P<not>not )?"
_AMOUNT = r"[$€£]?\s?(\d{1,3}(?:,\d{3})+|\d{1,7}(?:\.\d{1,2})?)(?![\d.]*\w|-)"
_MONEY = r"(?:\s?(?:[$€£]|(?:dollar|euro|pound|buck)s?\b|usd\b|eur\b|gbp\b))?"
# "under 12 months" and "over 50 ml" are no prices.
_OTHER_UNIT = r"(?!\s?(?:%|[a-z]*(?:year|month|day|week|inch|pack)|(?:yrs?|cm|mm|m|ml|l|g|kg|oz|lbs?|gb|mb|w|v)\b))"
_PRICE = f"{_AMOUNT.replace('(', '(?P<price>', 1)}{_MONEY}{_OTHER_UNIT}"
_MOST = re.compile(
    rf"{_MAYBE_NOT}(?:under|below|up to|at most|max(?:imum)?|(?:for )?(?:less|cheaper|no more) than) {_PRICE}", re.I
)
_LEAST = re.compile(
    rf"{_MAYBE_NOT}(?:over|above|at least|min(?:imum)?|(?:for )?(?:more|dearer|no less) than) {_PRICE}", re.I
)
_BETWEEN = re.compile(rf"\bbetween {_AMOUNT}{_MONEY} and {_PRICE}", re.I)


@dataclass(frozen=True)
class Wish:
    """What was understood of a question.

    Attributes
    ----------
    wanted
        The text without what it rules out; empty where nothing else is said.
    unwanted
        Words that a product is not to have.
    prices
        The least and the most that it may cost, both inclusive; None for an open end.
    """

    wanted: str
    unwanted: tuple[str, ...] = ()
    prices: tuple[float | None, float | None] = (None, None)

    @property
    def rules_out(self) -> bool:
        """Whether it says what a product is not to be, or to cost."""
        return bool(self.unwanted) or self.prices != (None, None)


def read_wish(text: str, priced: bool = True) -> Wish:
    """Take a question apart.

    Parameters
    ----------
    priced
        Whether the products have prices. Where they have none, numbers are words as all others are.

    Examples
    --------
    >>> read_wish("shoes, not red or blue, under $50")
    Wish(wanted='shoes', unwanted=('red', 'blue'), prices=(None, 50.0))
    >>> read_wish("dress without long sleeves for women")
    Wish(wanted='dress for women', unwanted=('long', 'sleeves'), prices=(None, None))
    """
    text, prices = _prices(text) if priced else (text, (None, None))
    parts = _PART.findall(text)
    wanted: list[str] = []
    unwanted: list[str] = []
    at = 0
    while at < len(parts):
        word = _bare(parts[at])
        if word in _ALL and parts[at + 1 : at + 2] == ["but"]:
            at = _one_word(parts, at + 2, unwanted)
        elif word in _NOT and _bare(parts[min(at + 1, len(parts) - 1)]) in _ONLY:
            at += 2
        elif word in _NOT:
            at = _one_word(parts, at + 1, unwanted)
        elif word in _WITHOUT:
            begins = all(_bare(one) in SMALL for one in wanted)  # "without laces shoes"
            at = _one_word(parts, at + 1, unwanted) if begins else _clause(parts, at + 1, unwanted)
        else:
            if word.startswith(_NON) and len(word) > len(_NON):
                unwanted.append(parts[at][len(_NON) :])
            elif _is_word(word):
                wanted.append(parts[at])
            at += 1
    if not unwanted:  # as it was written, marks and all
        return Wish(text.strip(), (), prices)
    return Wish(" ".join(wanted), tuple(dict.fromkeys(unwanted)), prices)


def _prices(text: str) -> tuple[str, tuple[float | None, float | None]]:
    """A text without what it says of prices, and these."""
    if both := _BETWEEN.search(text):
        low, high = sorted(map(_number, both.groups()))
        return _without(text, both), (low, high)
    least: float | None = None
    most: float | None = None
    for pattern, is_most in ((_MOST, True), (_LEAST, False)):
        if found := pattern.search(text):
            if is_most is bool(found["not"]):
                least = _number(found["price"])
            else:
                most = _number(found["price"])
            text = _without(text, found)
    return text, (least, most)


def _number(amount: str) -> float:
    return float(amount.replace(",", ""))


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()].rstrip(' ,;')} {text[found.end() :].lstrip()}".strip()


def _one_word(parts: list[str], at: int, unwanted: list[str]) -> int:
    """Add the next word, and those that "or" joins to it; the place after them. "No. 5" and "no 5" are numbers."""
    if parts[at : at + 1] == ["."]:
        return at
    at = _next_word(parts, at)
    while at < len(parts) and any(map(str.isalpha, parts[at])):
        unwanted.append(parts[at])
        at += 1
        if at + 1 >= len(parts) or _bare(parts[at]) not in _OR:
            break
        at = _next_word(parts, at + 1)
    return at


def _clause(parts: list[str], at: int, unwanted: list[str]) -> int:
    """Add the words up to a mark, a small word or another "not"; the place after them."""
    at = _next_word(parts, at)
    while at < len(parts):
        word = _bare(parts[at])
        if word in _OR:
            at = _next_word(parts, at + 1)
            continue
        if word in SMALL or word in _NOT or word in _WITHOUT or not _is_word(word):
            break
        unwanted.append(parts[at])
        at += 1
    return at


def _next_word(parts: list[str], at: int) -> int:
    """The place of the next word that says something."""
    while at < len(parts) and (_bare(parts[at]) in SMALL or not _is_word(parts[at])):
        at += 1
    return at


def _is_word(part: str) -> bool:
    return any(map(str.isalnum, part))


def _bare(part: str) -> str:
    return _APOSTROPHES.sub("", part.casefold())
