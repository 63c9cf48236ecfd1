"""How values are said to people: prices, shares, labels, and text that must not act as markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from recommender.results import short_of_all

_MARKDOWN = re.compile(r"([\\`*_\[\]#$~:<>|&])")
# Where an address begins, which GitHub's markdown makes a link of though its characters are escaped.
_ADDRESS = re.compile(r"(?<=www)(?=\.)|(?<=http)(?=s?:)|(?<=@)", re.IGNORECASE)
_JOINER = "\u2060"

COLUMN_TITLES = {
    "articleType": "Type",
    "masterCategory": "Department",
    "subCategory": "Category",
    "gender": "For",
    "baseColour": "Colour",
    "season": "Season",
    "usage": "Use",
    "pattern": "Pattern",
    "brand": "Brand",
    "price": "Price",
    "year": "Year",
    "isFragile": "Fragile",
}


def plain(text: object) -> str:
    """``text`` with every character escaped that markdown or Streamlit's directives would act on.

    It may be a stranger's, out of a shared link, so no address in it becomes a link: an invisible word joiner is in it.
    To be shown only, not to be compared or copied.
    """
    return _MARKDOWN.sub(r"\\\1", _ADDRESS.sub(_JOINER, " ".join(str(text).split())))


def capital(value: object) -> str:
    """A value of the catalogue with a capital at its front, for what shows no markdown, as lists to choose from."""
    text = str(value)
    return text[:1].upper() + text[1:]


def named(value: object) -> str:
    """A value of the catalogue as it is shown: with a capital at its front, and plain."""
    return plain(capital(value))


def money(value: Any) -> str:
    """A price in markdown, or an empty text where there is none.

    Examples
    --------
    >>> money(49.5)
    '\\\\$49.50'
    >>> money(None)
    ''
    """
    if not is_given(value):
        return ""
    return f"\\${value:,.0f}" if float(value).is_integer() else f"\\${value:,.2f}"


def share(value: float) -> str:
    r"""A probability or similarity as a whole percentage. Not quite all is never said to be 100 %, nor a little 0.

    Examples
    --------
    >>> share(0.934)
    '93\u202f%'
    >>> share(0.997)
    '99\u202f%'
    >>> share(0.003)
    '<1\u202f%'
    """
    percent = round(100 * short_of_all(value, 0.01))
    return f"{'<1' if percent == 0 < value else percent}\u202f%"


def listing(words: Sequence[str], last: str = "or") -> str:
    """Words in a sentence.

    Examples
    --------
    >>> listing(["Flats", "Heels", "Sandals"])
    'Flats, Heels or Sandals'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def shorten(text: str, most: int) -> str:
    """``text`` cut at a word where it has more than ``most`` characters."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,-") + "…"


def is_given(value: Any) -> bool:
    """False for None, NaN, pandas' NA and empty text."""
    return value is not None and value is not pd.NA and value == value and value != ""


def column_title(column: str) -> str:
    """What a catalogue column is called on the screen."""
    return COLUMN_TITLES.get(column, column)
