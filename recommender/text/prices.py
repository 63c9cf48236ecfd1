"""Prices in a question: "under $50", "20-40 dollars", "not more than 1,000.50", "30 or less"."""

from __future__ import annotations

import re

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
# "I don't want to pay more than 50", but not "not black, under 50".
_NEVER = r"no|not|never|nothing|cannot|\w+n['’`´]t|dont|doesnt|isnt|arent|cant|wont"
_NOT = rf"(?P<not>\b(?:{_NEVER})\s+(?:(?:a|any|be|cost|go|is|much|pay|priced|spend|to|want)\s+){{0,4}})?"
_FOR = r"(?:\bfor\s+)?"
_LESS = r"\b(?:under|below|up to|at most|max(?:imum)?[.:]?(?: of)?|(?:less|cheaper) th[ae]n)\s?|(?:<=?|≤)\s?"
_MORE = r"\b(?:over|above|at least|min(?:imum)?[.:]?(?: of)?|(?:more|dearer) th[ae]n)\s?|(?:>=?|≥)\s?"
_MOST = (
    re.compile(rf"{_NOT}{_FOR}(?:{_LESS}){_AMOUNT}", re.IGNORECASE),
    re.compile(rf"(?P<not>(?!))?{_AMOUNT}\s?(?:or (?:less|under|below|cheaper)|max(?:imum)?)\b", re.IGNORECASE),
)
_LEAST = (
    re.compile(rf"{_NOT}{_FOR}(?:{_MORE}){_AMOUNT}", re.IGNORECASE),
    re.compile(rf"(?P<not>(?!))?{_AMOUNT}\s?or (?:more|over|above)\b", re.IGNORECASE),
)
_ONE_END = rf"(?:(?:{_SIGN})\s?)?({_NUMBER})(?:{_NAME})?"
_RANGE = re.compile(
    rf"{_NOT}(?P<lead>\b(?:between|from)\s+)?(?<![\w.,-]){_ONE_END}\s?(?:-|–|\bto\b|\band\b|&)\s?{_ONE_END}"
    rf"(?![\w%]|[.,]?\d|-\w|\s?(?:%|{_UNIT}))",
    re.IGNORECASE,
)
_MONEY = re.compile(rf"{_SIGN}|{_NAME}", re.IGNORECASE)


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
        if not found["not"] and (found["lead"] or _MONEY.search(found[0])):
            least, most = sorted(map(_number, (found[3], found[4])))
            return _without(text, found), (least, most)
    ends: dict[bool, float] = {}
    whole = text
    for patterns, is_most in ((_MOST, True), (_LEAST, False)):
        for pattern in patterns:
            if one := pattern.search(text):
                ends[is_most is not bool(one["not"])] = _number(one["price"])
                text = _without(text, one)
                break
    if len(ends) == 2 and ends[False] > ends[True]:  # "under 50 or over 100" is no range
        return whole, (None, None)
    return text, (ends.get(False), ends.get(True))


def _number(amount: str) -> float:
    """Commas before three digits are marks of thousands, and otherwise decimal ones."""
    return float(re.sub(r",(?=\d{1,2}$)", ".", amount).replace(",", ""))


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()].rstrip(' ,;(')} {text[found.end() :].lstrip(' .!?)')}".strip()
