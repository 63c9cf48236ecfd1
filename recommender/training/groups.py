"""Which products must stay on one side of a split: photos that are (nearly) the same.

Two products are tied when their photos agree pixel by pixel, when they carry the
same title, or when they carry the same title but for the colour words and their
luminance patterns agree (a design in another colour). Groups are the connected
components of these ties.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from recommender.images.alike import thumbnails

# Squared difference over the product's own squared contrast with white; pairs below are one photo.
TWIN_GAP = 0.012
# Correlation of centred luminance; pairs above, of the same title but for colours, are one design in two colours.
VARIANT_CORRELATION = 0.85
CANVAS = (80, 60)
"""Size (height, width) of the pictures that are compared, in cells of six pixels, whatever is trained on."""
COMMON = 10
"""Products that may share a title; one that more have names a kind, and does not make them one product."""
TIES = ("designs", "photos", "rows")
"""What must not be split: photos, titles and variants that are alike; photos that are; or nothing at all."""
COLOUR_WORDS = frozenset(
    "black white blue brown grey gray red green pink navy purple silver yellow beige gold maroon orange olive multi "
    "cream steel charcoal peach off lavender skin khaki melange magenta teal tan mustard bronze copper turquoise rust "
    "burgundy metallic coffee mauve sea rose nude mushroom taupe fluorescent lime light dark multicoloured coloured "
    "and".split()
)


class Ties:
    """Disjoint sets with path halving."""

    def __init__(self, n: int) -> None:
        self.parent = np.arange(n)

    def root(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = int(self.parent[i])
        return i

    def tie(self, i: int, j: int) -> None:
        a, b = self.root(i), self.root(j)
        self.parent[max(a, b)] = min(a, b)


def twin_pairs(thumbs: np.ndarray, gap: float = TWIN_GAP, block: int = 2048) -> Iterable[tuple[int, int]]:
    """Pairs (i, j), i < j, of thumbnails that are near copies of each other.

    The squared difference is set against the smaller of the two squared contrasts with
    white, or else all small objects on white would count as copies.
    """
    squares = (thumbs**2).sum(1)
    contrast = ((255 - thumbs) ** 2).sum(1) + 1.0
    for start in range(0, len(thumbs), block):
        part = slice(start, start + block)
        # Only the columns from this block on: each pair once.
        gaps = squares[part, None] + squares[None, start:] - 2 * thumbs[part] @ thumbs[start:].T
        bound = gap * np.minimum(contrast[part, None], contrast[None, start:])
        for i, j in zip(*np.nonzero(gaps < bound), strict=True):
            if j > i:
                yield start + int(i), start + int(j)


def bare_title(title: str) -> str:
    """The title in lower case without colour words and punctuation; letters of any script count."""
    return " ".join(word for word in re.findall(r"[^\W_]+", title.lower()) if word not in COLOUR_WORDS)


def duplicate_groups(pictures: np.ndarray, titles: Sequence[str] | None = None, ties: str = TIES[0]) -> np.ndarray:
    """Group number of each picture, (n,) int64; equal numbers must not be split.

    Parameters
    ----------
    pictures
        (n, h, w, 3) uint8, of the size ``CANVAS``, or another size would have other groups.
    titles
        Product titles, or None to go by the pixels alone.
    ties
        One of ``TIES``. With fewer ties than "designs" a split is easier than what a photo of a new product asks:
        such splits are for comparing with figures that were measured on one.
    """
    if ties == "rows":
        return np.arange(len(pictures))
    sets = Ties(len(pictures))
    seen: dict[bytes, int] = {}
    for i, picture in enumerate(pictures):  # single precision can't tell that white ones, such as "no photo", are equal
        sets.tie(i, seen.setdefault(hashlib.blake2b(picture.tobytes(), digest_size=16).digest(), i))
    thumbs = thumbnails(pictures, 6)
    for i, j in twin_pairs(thumbs):
        sets.tie(i, j)
    if titles is not None and ties == "designs":
        luminance = thumbs.reshape(len(thumbs), -1, 3).mean(2)
        luminance = luminance - luminance.mean(1, keepdims=True)
        luminance /= np.linalg.norm(luminance, axis=1, keepdims=True) + 1e-6
        by_title: dict[str, list[int]] = {}
        for i, title in enumerate(titles):
            by_title.setdefault(bare_title(title), []).append(i)
        for members in by_title.values():
            _tie_titles(members, titles, luminance, sets)
    return np.array([sets.root(i) for i in range(len(pictures))])


def catalogue_groups(pictures: np.ndarray, titles: Sequence[str], ties: str = TIES[0]) -> np.ndarray:
    """The same of a catalogue, some of whose titles, "" among them, may be no product's own, but the name of a kind."""
    bare = [bare_title(title) for title in titles]
    often = Counter(bare)
    own = [
        title if words and often[words] <= COMMON else f"untitled {row}"
        for row, (title, words) in enumerate(zip(titles, bare, strict=True))
    ]
    return duplicate_groups(pictures, own, ties)


def _tie_titles(members: list[int], titles: Sequence[str], luminance: np.ndarray, sets: Ties) -> None:
    alike = luminance[members] @ luminance[members].T > VARIANT_CORRELATION
    for a, i in enumerate(members):
        for b in range(a + 1, len(members)):
            if alike[a, b] or titles[i] == titles[members[b]]:
                sets.tie(i, members[b])


def validation_mask(groups: np.ndarray, ids: Sequence[str], share: float, salt: str = "house") -> np.ndarray:
    """True for the rows of about ``share`` of the groups.

    A group's side follows from a hash of its smallest id, so that it does not
    depend on the order of rows nor on what else is in the table.
    """
    first: dict[int, str] = {}
    for group, key in zip(groups.tolist(), ids, strict=True):
        first[group] = min(first.get(group, key), key)
    sides = {
        group: int.from_bytes(hashlib.blake2b(f"{salt}:{key}".encode(), digest_size=8).digest(), "big") / 2**64 < share
        for group, key in first.items()
    }
    return np.array([sides[group] for group in groups.tolist()], dtype=bool)
