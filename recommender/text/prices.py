"""Prices in a question: "under $50", "20-40 dollars", "not more than 1,000.50", "30 or less", "about 30"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from recommender.text.common_words import say_nothing
from recommender.text.denial import DENIAL, NOT, WITHOUT

Prices = tuple[float | None, float | None]
"""The least and the most that a product may cost, both inclusive; None for an open end."""
Known = Callable[[Sequence[str]], bool]
"""Whether products have the first of some words; the others are what comes next ("ear rings" may be "earrings")."""

# "1 000", "1 200" and "10 000" are numbers, but "under 60 501 jeans" has two.
_NUMBER = (
    r"(?:\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+|\d{1,3}(?: 000)+|[1-9] \d00)(?!\d)(?:[.,]\d{1,2})?"
    r"|\d{1,7}(?:[.,]\d{1,2})?"
)
_CODES = "usd|eur|gbp|chf|inr|jpy|cad|aud"
_SIGN = rf"[$€£]|\b(?:{_CODES})\b"
_NAME = rf"\s?(?:[$€£]|(?:{_CODES}|dollars?|euros?|pounds?|bucks?|quid|francs?|rupees?|rs|yen)\b)(?!\s?\d)"
# What is counted is more than one, but for what ends there: "8 cards", "at least 1 pocket", but a "card holder".
_UNIT = re.compile(
    r"\s?(?:"
    r"(?:(?:milli|centi|kilo)?(?:met(?:er|re)|lit(?:er|re)|gram)|year|month|week|hour|minute|inch(?:e)?"
    r"|feet|mile|ounce|kilo|gallon|degree|carat|karat|percent|denier|watt|volt|pixel|megapixel|gigabyte"
    r"|person|people|yr|hr|min|sec|ft|lb|oz|cm|mm|ml|cl|kg|mg|gb|tb|mb|mp|mah|hz|khz|mhz|ghz|rpm|px|atm|gsm|cc"
    r"|ct)s?\b|[mlgwv]\b(?![- ]\w)"
    r"|(?:button|card|colou?r|compartment|day|foot|layer|night|pack|pair|piece|player|pocket|seat|second|size|star"
    r"|wheel|yard)(?:s\b|\b(?!\s+\w))"
    r"|in\b(?=\s*(?:$|[,.;:!?)]))|[%°′″])",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s+(\w+(?:[-'’`´]\w+)*)(?:\s+(\w+(?:[-'’`´]\w+)*))?")
_NO_PLURAL = ("as", "is", "ss", "us")
# A part of a number is no price.
_END = rf"(?:{_NAME}|(?![\w%]|[.,'’]?\d|-\w|\s?%))"
_AMOUNT = rf"(?:(?:{_SIGN})\s?)?(?P<price>{_NUMBER}){_END}"
_LESS = (
    r"\b(?:under|below|beneath|up ?-?to|at most|within|(?<!air )max(?:imum)?[.:]?(?: price)?(?: of| is)?"
    r"|budget[.:]?(?: of| is)?|(?:less(?: expensive)?|cheaper) th[ae]n)\s?(?:(?:about|around) )?|(?:<=?|≤)\s?"
)
# What prices begin at is said with a currency: "from 20" may be anything.
_MORE = (
    r"\b(?:over|above|exceeding|at least|min(?:imum)?[.:]?(?: price)?(?: of| is)?|starting (?:at|from)"
    rf"|(?:more(?: expensive)?|dearer) th[ae]n|from(?=\s?(?:{_SIGN}|{_NUMBER}{_NAME})))\s?|(?:>=?|≥)\s?"
)
_LIMIT = re.compile(
    rf"(?:\bfor\s+)?(?:(?P<less>{_LESS})|(?P<more>{_MORE})){_AMOUNT}"
    rf"|{_AMOUNT.replace('price', 'before')}\s?(?:(?P<most>(?:or|and) (?:less|under|below|cheaper)\b|at most\b"
    rf"|max(?:imum)?\b(?!\s?(?:{_SIGN})?\s?\d))"
    r"|(?P<least>(?:or|and) (?:more|over|above|up(?:wards)?|higher)\b|at least\b|min(?:imum)?\b(?!\s?\d)|\+))",
    re.IGNORECASE,
)
_ONE_END = rf"(?:(?:{_SIGN})\s?)?({_NUMBER})(?:{_NAME})?"
_RANGE = re.compile(
    rf"(?P<lead>\b(?:between|from)\s+)?(?<![\w.,-]){_ONE_END}\s?(?:-|–|\bto\b|\band\b|&)\s?{_ONE_END}"
    r"(?![\w%]|[.,]?\d|-\w|\s?%)",
    re.IGNORECASE,
)
_MONEY = re.compile(rf"{_SIGN}|{_NAME}", re.IGNORECASE)
# What is money anyway needs no "about"; "$30+" and "$30 and up" have no upper end.
_ABOUT = re.compile(
    r"(?:\b(?:at|for|of)\s+)?(?:(?P<about>\b(?:about|around|approx(?:imately|\.)?|roughly)\s|~\s?))?"
    rf"(?<![\w-])(?<!\d[.,]){_AMOUNT}(?:\s?or so\b)?",
    re.IGNORECASE,
)
# What stands before and after money that is no price of what is looked for, as in "save $10 on bags", "3 for £20" and
# "weighs 2 pounds"; or that is a limit in words which are not known, of which the middle would be the opposite.
_LEADS_TO_NO_PRICE = re.compile(
    r"(?:\b(?:th[ae]n|until|till?|limit|exceed|as (?:low|little) as|save|saving|reduced by|weigh\w*)"
    rf"(?: (?:of|is|a|about|around))*:?|\d for)\s*(?:{_SIGN})?\s*$",
    re.IGNORECASE,
)
_MAKES_NO_PRICE = re.compile(
    rf"\s?(?:(?:plus|tops|off|discount|voucher)\b|(?:-|–|\b(?:to|and|or|by|x)\b)\s?(?:{_SIGN})?\s?\d)", re.IGNORECASE
)
BAND = 0.25
"""How far from "about 30" a price may be, as a share of it: a shop with dresses from 20 to 60 still has some there."""
_PAID = re.compile(
    r"\b(?:afford|budget|cheaper|costs?|costing|dearer|pay|paying|price[ds]?|spend|spending|worth)\b", re.IGNORECASE
)
_YEARS = (1900, 2099)
# "Women over 50" are no dearer than others; "for women under 50" speaks of a price, since hardly anyone shops by such
# an age.
_PEOPLE = re.compile(r"\b(?:women|men|ladies|people|adults|anyone|someone|those|mums?|dads?)\s+$", re.IGNORECASE)
# "Girls under 8" are as old as that. Where a price was meant, nothing is lost but the limit; the other way round an age
# would leave out nearly all that is for them.
_CHILDREN = re.compile(
    r"\b(?:kid|child|children|boy|girl|toddler|baby|babie|son|daughter|nephew|niece|grand(?:son|daughter|child|children))"
    r"(?:['’]?s)?(?: is| are)?\s+$",
    re.IGNORECASE,
)
_CHILDHOOD, _YOUTH = 12, 17
# A "size 40 or over" is no price either, but "all sizes under 50" say one.
_SIZED = re.compile(r"(?<!any )(?<!all )(?<!every )\b(?:sizes?|ages?|aged)\s+$", re.IGNORECASE)
# A "plus size under 50" says a price as well: sizes have no such end.
_CHEAP = re.compile(r"(?:under|below|less|cheaper|max)", re.IGNORECASE)
# What is counted is said so, and hardly by "under": "up to 4 wellies".
_COUNTED = re.compile(r"\s*(?:up to|at least|from|about|around)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,.;:!?]|\b(?:and|but)\b", re.IGNORECASE)
_BETWEEN = frozenset(
    """
    a afford any anything be cost costing costs for go have i is it me more much no one ones pay paying priced show
    something spend spending that the them to want wants which
    """.split()
)
"""What may stand between a "not" and the limit that it denies: "I don't want to pay more than 50"."""


def read_prices(text: str, known: Known | None = None) -> tuple[str, Prices]:
    """A question without what it says of prices, and these.

    A number is of money where that is said, or where what comes next makes no measure of it: neither a unit nor, where
    it can be told what words are ``known``, others that no product has.

    Examples
    --------
    >>> read_prices("shoes under $50 for men")
    ('shoes for men', (None, 50.0))
    >>> read_prices("don't want to pay more than 30")
    ('', (None, 30.0))
    >>> read_prices("a dress for about $30")
    ('a dress', (22.5, 37.5))
    """
    for found in _RANGE.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        low, high = sorted(map(_number, (found[2], found[3])))
        years = _YEARS[0] <= low <= high <= _YEARS[1]
        aged = _SIZED.search(before) or (_is_young(before, low) and high <= _YOUTH)
        priced = _is_paid(before, found[0]) or (
            found["lead"] and not (years or aged or _measures(before, found[0], after, known))
        )
        if priced and not DENIAL.search(_CLAUSE.split(before)[-1]):
            return _joined(before, after), (low, high)
    ends: dict[bool, float] = {}
    rest, at = text, 0
    while limit := _LIMIT.search(rest, at):
        before, after = rest[: limit.start()], rest[limit.end() :]
        size = _SIZED.search(before)
        sized = size and not ("size" in size[0].casefold() and _CHEAP.match(limit["less"] or ""))
        is_most, amount = bool(limit["less"] or limit["most"]), _number(limit["price"] or limit["before"])
        aged = (_PEOPLE.search(before) and not is_most) or _is_young(before, amount)
        others = aged or sized or limit["least"] == "+" or _measures(before, limit[0], after, known)
        if others and not _is_paid(before, limit[0]):
            at = limit.end()
            continue
        kept = _undenied(before, is_most) if limit["price"] else None
        ends[is_most is (kept is None)] = amount
        rest = _joined(before if kept is None else kept, after)
        at = 0
    if len(ends) == 2 and ends[False] > ends[True]:  # "under 50 or over 100" is no range
        return text, (None, None)
    return (rest, (ends.get(False), ends.get(True))) if ends else _read_about(text, known)


def _read_about(text: str, known: Known | None) -> tuple[str, Prices]:
    """What :func:`read_prices` gives for one amount that is no limit: prices that are near to it (:data:`BAND`)."""
    said = [found for found in _ABOUT.finditer(text) if found["about"] or _MONEY.search(found[0])]
    if len(said) != 1:  # two say neither one price nor where prices begin and end
        return text, (None, None)
    before, after = text[: said[0].start()], text[said[0].end() :]
    amount = _number(said[0]["price"])
    if _LEADS_TO_NO_PRICE.search(text[: said[0].start("price")]) or _MAKES_NO_PRICE.match(after):
        return text, (None, None)
    years = _YEARS[0] <= amount <= _YEARS[1]
    aged = _PEOPLE.search(before) or _is_young(before, amount)
    others = years or aged or _SIZED.search(before) or _measures(before, said[0][0], after, known)
    if (others and not _is_paid(before, said[0][0])) or _undenied(before, is_most=True) is not None:
        return text, (None, None)
    return _joined(before, after), (round(amount * (1 - BAND), 2), round(amount * (1 + BAND), 2))


def _is_young(before: str, amount: float) -> bool:
    """Whether a number after children is how old they are."""
    return amount <= _CHILDHOOD and bool(_CHILDREN.search(before))


def _is_paid(before: str, said: str) -> bool:
    """Whether numbers are said to be of money, by a currency or in the words before them."""
    return bool(_MONEY.search(said) or _PAID.search(_CLAUSE.split(before)[-1] + said))


def _measures(before: str, said: str, after: str, known: Known | None) -> bool:
    """Whether what comes next makes a measure of the number in ``said``: "15 inches", "3 buttons", 15"."""
    if _UNIT.match(after) or (after[:1] == '"' and before.count('"') % 2 == 0):
        return True
    found = _AFTER.match(after)
    if found is None or known is None:
        return False
    words = [word for word in found.groups() if word]
    for place, word in enumerate(words):
        if word[0].isdigit() or say_nothing([word]) or word.casefold() in NOT | WITHOUT or known(words[place:]):
            return False  # another number has a measure of its own: "under 50, 100 ml"
        if _UNIT.match(after, found.start(place + 1)):
            return True
        # One thing may be described by what no product is ("under 50 floral"); what is counted is more than one.
        if _COUNTED.match(said) and word.casefold().endswith("s") and not word.casefold().endswith(_NO_PLURAL):
            return True
    return False


def _undenied(before: str, is_most: bool) -> str | None:
    """What stands before a limit without the "not" that denies it; None where none does.

    What a "no" stands before is wanted then: "no bags over 100" are bags up to 100, but "not black under 50" says two
    things.
    """
    start = max((mark.end() for mark in _CLAUSE.finditer(before)), default=0)
    denials = list(DENIAL.finditer(before, start))
    if not denials:
        return None
    gap = before[denials[-1].end() :]
    if _BETWEEN.issuperset(gap.casefold().split()):
        return before[: denials[-1].start()]
    return before[: denials[-1].start()] + gap if denials[-1][0].casefold() == "no" and not is_most else None


def _number(amount: str) -> float:
    """Commas and blanks before three digits are marks of thousands, and other commas decimal ones."""
    return float(re.sub(r"[,\s]", "", re.sub(r",(?=\d{1,2}$)", ".", amount)))


def _joined(before: str, after: str) -> str:
    return f"{before.rstrip(' ,;(')} {after.lstrip(' .!?)')}".strip()
