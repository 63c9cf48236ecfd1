"""How words are compared: without case, accents, possessives and plurals, in any spelling, and by other names."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from recommender.text.common_words import SMALL
from recommender.text.wish import TEE

_APOSTROPHE = re.compile(r"['’`´](?:s\b)?")
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
# What people call otherwise than a shop that has nothing of that name: where it has, as blazers beside jackets, the
# word means these alone. A plural stands only for itself, since "glass" and "tight" are nothing to wear.
_INSTEAD = {
    "anorak": ("jacket",),
    "blazer": ("jacket",),
    "coat": ("jacket",),
    "overcoat": ("jacket",),
    "parka": ("jacket",),
    "raincoat": ("jacket",),
    "suit": ("blazer", "jacket"),
    "windbreaker": ("jacket",),
    "cardigan": ("sweater",),
    "chino": ("trouser",),
    "slacks": ("trouser",),
    "tights": ("legging",),
    "undergarment": ("innerwear",),
    "underwear": ("innerwear",),
    "beanie": ("cap",),
    "shawl": ("scarf",),
    "stole": ("scarf",),
    "eyeglasses": ("sunglass",),
    "eyewear": ("sunglass",),
    "glasses": ("sunglass",),
    "specs": ("sunglass",),
    "timepiece": ("watch",),
    "wristwatch": ("watch",),
    "aftershave": ("perfume",),
    "cologne": ("perfume",),
    "fragrance": ("perfume",),
    "scent": ("perfume",),
    "sneaker": ("sports shoe", "casual shoe"),
}


def plain(text: str) -> str:
    """Without case, accents and possessives, and with every way to write T-shirt made one."""
    # NFKD would make of an acute accent that stands alone a blank.
    spread = unicodedata.normalize("NFKD", text.casefold().replace("´", "'"))
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return TEE.sub("t", _APOSTROPHE.sub("", bare.translate(_LETTERS)))


def words_of(text: str) -> list[str]:
    """The words of a text; those with hyphens are one."""
    return _WORD.findall(plain(text))


def said_in(text: str) -> list[str]:
    """The different words of a question, without the small ones unless there are no others."""
    words = list(dict.fromkeys(words_of(text)))
    return [word for word in words if word not in SMALL] or words


def indexed(text: str) -> set[str]:
    """The words that a product of this text is found by."""
    words = words_of(text)
    return {folded(part) for word in words for part in (word.replace("-", ""), *word.split("-"))}


HISSES = ("ss", "sh", "ch", "x")


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """A word in the form in which singular and plural are the same; not always one that exists."""
    if word.endswith(("ies", "ie")):
        word = word.removesuffix("s").removesuffix("ie") + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    return _SPELLINGS.get(word, word)


def folded_part(word: str) -> str:
    """A word of a question as it stands in the index."""
    return folded(plain(word).replace("-", ""))


CALLED = {folded(word): others for word, others in _ALSO.items()}
"""Of a folded word, what the same things are called otherwise, each a word or several."""
_CALLED_INSTEAD = {word if word.endswith("s") else folded(word): others for word, others in _INSTEAD.items()}


def other_names(word: str, known: bool) -> tuple[str, ...]:
    """What else the things of a word are called, each a word or several; ``known`` where some are called by it."""
    joined = folded(word.replace("-", ""))
    instead = () if known else _CALLED_INSTEAD.get(word) or _CALLED_INSTEAD.get(joined, ())
    return (*CALLED.get(joined, ()), *instead)
