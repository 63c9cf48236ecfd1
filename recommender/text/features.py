"""Words as numbers: hashed whole words, and hashed character n-grams for those never seen.

Hashing (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009) keeps no
vocabulary, so no shop's words are in the model's file; n-grams as in Bojanowski et al., "Enriching
Word Vectors with Subword Information", 2017, section 3.2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np

WORD_BUCKETS, GRAM_BUCKETS = 8192, 4096
GRAMS = (3, 4)
# A title has some ten words; a pasted page must not become work.
MOST_WORDS, MOST_LETTERS = 40, 24
_JOINTS = re.compile(r"(?<=[a-z0-9])['’`-](?=[a-z0-9])")
_WORD = re.compile(r"[a-z0-9]+")
_DASH = re.compile("[\u2012-\u2015\u2022\u2026\u00b7\u2212]")
"""Dashes, dots and the like, which stand between words; a hyphen or an apostrophe is inside of one."""


def tokens(text: str) -> list[str]:
    """Lower-case words of letters and digits; "T-Shirt" is one word, "women's" becomes "womens"."""
    spread = unicodedata.normalize("NFKD", text[: MOST_WORDS * (MOST_LETTERS + 1)])
    plain = _DASH.sub(" ", spread).encode("ascii", "ignore").decode()
    return [word[:MOST_LETTERS] for word in _WORD.findall(_JOINTS.sub("", plain.lower()))[:MOST_WORDS]]


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[int, tuple[int, ...]]:
    """Bucket of the word, and the buckets of its n-grams."""
    bounded = f"<{word}>"
    grams = {bounded[i : i + n] for n in GRAMS for i in range(len(bounded) - n + 1)}
    numbers = sorted(WORD_BUCKETS + crc32(gram.encode()) % GRAM_BUCKETS for gram in grams)
    return crc32(word.encode()) % WORD_BUCKETS, tuple(numbers)


def features(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of the tower's table, their weights, and where each text begins.

    Returns
    -------
    rows
        (m,) int64 in [0, WORD_BUCKETS + GRAM_BUCKETS).
    weights
        (m,) float32: a word counts one, its n-grams together one, and all of a text sum to 2;
        so a text's vector is the mean over its words.
    starts
        (n,) int64, the first of each text's entries in ``rows``. A text without a word has none.
    """
    rows: list[int] = []
    weights: list[float] = []
    starts: list[int] = []
    for text in texts:
        starts.append(len(rows))
        words = tokens(text)
        for word in words:
            bucket, grams = _of_word(word)
            rows.append(bucket)
            weights.append(1 / len(words))
            rows.extend(grams)
            weights.extend([1 / (len(words) * len(grams))] * len(grams))
    return np.array(rows, np.int64), np.array(weights, np.float32), np.array(starts, np.int64)
