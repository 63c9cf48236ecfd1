"""Prices in a question: "under $50", "20-40 dollars", "not more than 1,000.50", "30 or less"."""

from __future__ import annotations

import re

from recommender.text.denial import DENIAL

Prices = tuple[float | None, float | None]
"""The least and the most that a product may cost, both inclusive; None for an open end."""

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,7}(?:[.,]\d{1,2})?"
_SIGN = r"[$€£]|\b(?:usd|eur|gbp)\b"
_NAME = r"\s?(?:[$€£]|(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks?)\b)"
_UNIT = (
    r"(?:(?:milli|centi|kilo)?(?:met(?:er|re)|lit(?:er|re)|gram)|year|month|day|week|hour|inch|pack|pair|card|piece"
    r"|pocket|yr|lb|oz|cm|mm|ml|kg|gb|mb|m|l|g|w|v)s?\b"
)
# "Under 12 months" and "over 50 ml" are no prices, nor is a part of a number.
_END = rf"(?:{_NAME}|(?![\w%]|[.,]?\d|-\w|\s?(?:%|{_UNIT})))"
_AMOUNT = rf"(?:(?:{_SIGN})\s?)?(?P<price>{_NUMBER}){_END}"
_LESS = r"\b(?:under|below|up to|at most|max(?:imum)?[.:]?(?: of)?|(?:less|cheaper) th[ae]n)\s?|(?:<=?|≤)\s?"
_MORE = r"\b(?:over|above|at least|min(?:imum)?[.:]?(?: of)?|(?:more|dearer) th[ae]n)\s?|(?:>=?|≥)\s?"
_LIMIT = re.compile(
    rf"(?:\bfor\s+)?(?:(?P<less>{_LESS})|(?P<more>{_MORE})){_AMOUNT}"
    rf"|{_AMOUNT.replace('price', 'before')}\s?(?:(?P<most>or (?:less|under|below|cheaper)\b|max(?:imum)?\b)"
    r"|(?P<least>or (?:more|over|above)\b))",
    re.IGNORECASE,
)
_ONE_END = rf"(?:(?:{_SIGN})\s?)?({_NUMBER})(?:{_NAME})?"
_RANGE = re.compile(
    rf"(?P<lead>\b(?:between|from)\s+)?(?<![\w.,-]){_ONE_END}\s?(?:-|–|\bto\b|\band\b|&)\s?{_ONE_END}"
    rf"(?![\w%]|[.,]?\d|-\w|\s?(?:%|{_UNIT}))",
    re.IGNORECASE,
)
_MONEY = re.compile(rf"{_SIGN}|{_NAME}", re.IGNORECASE)
_YEARS = (1900, 2099)
# "Women over 50" are no dearer than others.
_PEOPLE = re.compile(r"\b(?:women|men|ladies|people|adults|anyone|someone|those|mums?|dads?)\s+$", re.IGNORECASE)
_CLAUSE = re.compile(r"[,.;:!?]|\b(?:and|but)\b", re.IGNORECASE)
_BETWEEN = frozenset(
    """
    a afford any anything be cost costing costs for go have i is it me more much no one ones pay paying priced show
    something spend spending that the them to want wants which
    """.split()
)
"""What may stand between a "not" and the limit that it denies: "I don't want to pay more than 50"."""


def read_prices(text: str) -> tuple[str, Prices]:
    """A question without what it says of prices, and these.

    Examples
    --------
    >>> read_prices("shoes under $50 for men")
    ('shoes for men', (None, 50.0))
    >>> read_prices("don't want to pay more than 30")
    ('', (None, 30.0))
    """
    for found in _RANGE.finditer(text):
        money, (low, high) = _MONEY.search(found[0]), sorted(map(_number, (found[2], found[3])))
        years = _YEARS[0] <= low <= high <= _YEARS[1]
        if (money or (found["lead"] and not years)) and not DENIAL.search(_CLAUSE.split(text[: found.start()])[-1]):
            return _joined(text[: found.start()], text[found.end() :]), (low, high)
    ends: dict[bool, float] = {}
    rest, at = text, 0
    while limit := _LIMIT.search(rest, at):
        before, after = rest[: limit.start()], rest[limit.end() :]
        if _PEOPLE.search(before) and not _MONEY.search(limit[0]):
            at = limit.end()
            continue
        is_most = bool(limit["less"] or limit["most"])
        kept = _undenied(before, is_most) if limit["price"] else None
        ends[is_most is (kept is None)] = _number(limit["price"] or limit["before"])
        rest = _joined(before if kept is None else kept, after)
        at = 0
    if len(ends) == 2 and ends[False] > ends[True]:  # "under 50 or over 100" is no range
        return text, (None, None)
    return rest, (ends.get(False), ends.get(True))


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
    """Commas before three digits are marks of thousands, and otherwise decimal ones."""
    return float(re.sub(r",(?=\d{1,2}$)", ".", amount).replace(",", ""))


def _joined(before: str, after: str) -> str:
    return f"{before.rstrip(' ,;(')} {after.lstrip(' .!?)')}".strip()
