"""Words that mean the same in every shop: those that say nothing, colours, and shades of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

SMALL = frozenset(
    """
    a am an and any anything are at be but buy by can color colored colour coloured could d do does everything find
    for from get give go has have hello hi i im in is it ive just like ll lookin looking me my need of on one ones
    or please s sell show some something that the there these they this those to want we what which who with would
    you your
    """.split()
)
"""Words that say nothing beside others."""
IDLE = SMALL | frozenset(
    """
    all also another been being budget buying colors colours cost costing costs different each else every exactly
    hey item items kind kinds made make may maybe might money more much must oh ok okay other others pay paying
    perhaps pls prefer preferably price priced prices product products quite rather really same shades shall should
    similar so sort spend spending stuff thank thanks them then thing things tones too type very was wear wearing
    were will
    """.split()
)
"""Words that say nothing of a product beside what it is not to be: "the same, but really not red"."""
CHEAP = frozenset(["affordable", "cheap", "cheaper", "cheapest", "inexpensive"])
"""Words of which prices tell, and no picture."""
_ENDINGS = frozenset(["d", "ll", "m", "re", "s", "ve"])
_SIZE = re.compile(r"sizes?|sized|\d+(?:-\d+)*|[sml]|(?:\d|x*)x[sl]")
_APOSTROPHES = re.compile("['’`´]")
SHADES = frozenset(["bright", "dark", "deep", "light", "pale"])
COLOURS = frozenset(
    """
    amber aqua beige black blue bronze brown burgundy charcoal copper coral cream crimson cyan fuchsia gold golden gray
    green grey indigo ivory khaki lavender lilac lime magenta maroon mauve melange mint mustard navy nude ochre olive
    orange peach pink plum purple red rose rust salmon scarlet silver steel tan taupe teal turquoise violet white yellow
    """.split()
)


PLAIN_COLOURS = frozenset(
    """
    beige black blue brown gold golden gray green grey orange pink purple red silver white yellow
    """.split()
)
"""Colours that no other one comes after in a name: "navy blue" and "rose gold", but no "black blue"."""


def say_nothing(words: Iterable[str], idle: frozenset[str] = IDLE) -> bool:
    """Whether all words are ``idle`` ones; "I'd" and the like are so by their first half."""
    return all(_is_idle(word.casefold(), idle) for word in words)


def _is_idle(word: str, idle: frozenset[str]) -> bool:
    first, *endings = _APOSTROPHES.split(word)
    return word in idle or (first in idle and _ENDINGS.issuperset(endings))


def is_unseen(word: str) -> bool:
    """Whether a word says nothing of a look: an idle one, a number, a size, or "cheap"."""
    word = word.casefold()
    return word in IDLE | CHEAP or _SIZE.fullmatch(word) is not None


def is_colour(word: str) -> bool:
    """Whether a word is a colour, or with hyphens ends with one: "red", "off-white"."""
    return word.casefold().rpartition("-")[2] in COLOURS
