"""The pattern of a product from the words of its title.

The fashion data set has no pattern column, but its titles name the pattern of
many products. Titles that say nothing give None, which is "unknown", not "plain".
"""

from __future__ import annotations

import re

PATTERNS = ("plain", "striped", "plaid", "spotted", "graphic")

# First match wins: "striped print" is a stripe. "check" is tried as a whole word only.
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (pattern, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for pattern, words in (
        ("striped", "strip(?:e|es|ed)?|pinstripes?|pinstriped"),
        ("plaid", "checks?|checked|checkered|chequered|plaid|gingham|tartan"),
        ("spotted", "polka|dots?|dotted|spots?|spotted|leopard|animal"),
        ("graphic", "graphics?|prints?|printed|logo"),
        ("plain", "solid|solids|plain"),
    )
)


def pattern_from_title(title: str) -> str | None:
    """One of :data:`PATTERNS`, or None where the title does not say."""
    return next((pattern for pattern, words in _WORDS if words.search(title)), None)
