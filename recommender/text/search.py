"""Searching by words, alone or beside a picture: by the look that they describe, and by what products are called."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from recommender.errors import WordsError
from recommender.results import Recommendation
from recommender.text.common_words import SMALL, is_unseen, say_nothing
from recommender.text.features import tokens
from recommender.text.own_words import Words
from recommender.text.spelling import plain
from recommender.text.tower import TextTower
from recommender.text.wish import MOST, Wish, words_in

OWN_WORDS = 0.5
"""What it adds to a similarity that all of the words are among a product's own ones: more than most differences in
look. On photographs 0.3 and 0.8 find as many of what is asked for; with 0.3 a word that no product has can outweigh one
that some have."""

LOOK = 0.8
"""What the words' look counts beside a picture's where some product is called so. On photographs a little more is found
with 1.2, and less with 0.5; but for a blue shirt and "red" other things that are red then come before a red jacket."""

LOOK_ALONE = 2.0
"""The same where products are called nothing at all: a picture says much beside the colour that is asked to be another
one. On photographs as many are found with 2.5, and fewer with 1.5 or 3."""

LOOK_UNSAID = 1.2
"""The same where products are described, but none of them so. What no product is described by is often nothing that
is to be seen ("cheaper"), and its look is chance: at 2, shorts came beside a watch, and lipsticks beside a bag."""

SURE = 0.25
"""How much less it counts for words without a picture that little is sure to be said of a product. Then the part of its
vector that words can tell of is shorter: its length to this power is divided by. On photographs titles find their
products better with any of 0.25 to 0.5, and kinds a little worse the more it is."""


@dataclass(frozen=True, eq=False)
class Question:
    """What some words mean for one catalogue.

    Attributes
    ----------
    vector
        (d,) float32 in the space of the pictures; of unit length, or zeros where nothing is known of the words.
    shares
        (n,) float32 in [0, 1]: how much of the words is among each product's own ones.
    lengths
        (n,) float32: how long the part of each product's vector is that words can tell of.
    look
        What the words' look counts beside a picture's.
    fits
        (n,) bool: the products that nothing in the words rules out.
    unknown
        Words that no product is described by.
    unseen
        Those of them that say nothing of a look either, as "size 42": they are not in ``vector``.
    wish
        What was wanted, and what was ruled out.
    kept
        What was ruled out, but no product is: nothing is left out for these.
    beyond
        Words of which there are products, but none at the wished prices.
    nearest_price
        What of ``beyond`` costs nearest to these; None where there is nothing.
    """

    vector: np.ndarray = field(repr=False)
    shares: np.ndarray = field(repr=False)
    lengths: np.ndarray = field(repr=False)
    look: float
    fits: np.ndarray = field(repr=False)
    unknown: tuple[str, ...]
    unseen: tuple[str, ...]
    wish: Wish
    kept: tuple[str, ...]
    beyond: tuple[str, ...]
    nearest_price: float | None

    @property
    def left_out(self) -> tuple[str, ...]:
        """Words for which products are left out."""
        return tuple(word for word in self.wish.unwanted if word not in self.kept)

    def told_in(self, answer: Recommendation) -> Recommendation:
        """The answer, and what was understood of the words."""
        return replace(
            answer,
            unknown_words=self.unknown,
            unseen_words=self.unseen,
            guessed=not self.shares.any(),
            unread=self.says_nothing and not self.wish.rules_out,
            left_out=self.left_out,
            not_left_out=self.kept,
            prices=self.wish.prices,
            beyond_prices=self.beyond,
            nearest_price=self.nearest_price,
        )

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to search by."""
        return not self.vector.any() and not self.shares.any()

    def scores(self, vectors: np.ndarray, picture: np.ndarray | None = None) -> np.ndarray:
        """(n,) float32 for the products' ``vectors`` (n, d), higher where one fits better.

        The cosine to the sum of the ``picture``'s (d,) and the words' vector, or without a picture that to the words'
        alone (:data:`SURE`), and :data:`OWN_WORDS` times the share of words that are the product's own.
        """
        if picture is None:
            alike = vectors @ self.vector / self.lengths**SURE
        else:
            wanted = picture + self.look * self.vector
            alike = vectors @ (wanted / max(float(np.linalg.norm(wanted)), 1e-9))
        return np.asarray(alike + OWN_WORDS * self.shares, np.float32)


class WordSearch:
    """Puts questions in words to one catalogue.

    Parameters
    ----------
    frame
        The catalogue's columns.
    vectors
        (n, d) of its pictures.
    tower
        Gives words their vectors. Without one they mean what the products look like that are called so.

    Attributes
    ----------
    own
        The products' own words.
    """

    def __init__(self, frame: pd.DataFrame, vectors: np.ndarray, tower: TextTower | None) -> None:
        self.own = Words(frame)
        self._vectors = vectors
        self._tower = tower

    @cached_property
    def _lengths(self) -> np.ndarray:
        seen = self._vectors if self._tower is None else self._vectors[:, self._tower.reads]
        return np.maximum(np.linalg.norm(seen, axis=1), 1e-9).astype(np.float32)

    def ask(self, text: str) -> Question:
        """What ``text`` means; raises WordsError where it holds neither a letter nor a digit."""
        text = text[:MOST]
        if not any(letter.isalnum() for letter in text):
            raise WordsError("Say in words what you look for, such as: red women shoes.")
        wish = self.own.wish(text)
        shares, unknown = self.own.shares(wish.wanted)
        unsaid = LOOK_UNSAID if self.own.describes else LOOK_ALONE
        looks, unseen = _looks(wish.wanted, unknown)
        beyond, nearest_price = self.own.beyond(wish)
        return Question(
            vector=self._vector(looks, shares),
            shares=shares,
            lengths=self._lengths,
            look=LOOK if shares.any() else unsaid,
            fits=self.own.fits(wish),
            unknown=unknown,
            unseen=unseen,
            wish=wish,
            kept=self.own.idle(wish),
            beyond=beyond,
            nearest_price=nearest_price,
        )

    def _vector(self, text: str, shares: np.ndarray) -> np.ndarray:
        # What small words look like is chance, and beside a picture it would outweigh that.
        if self._tower is not None and not say_nothing(filter(tokens, words_in(text)), SMALL):
            return self._tower.encode([text])[0]
        if self._tower is not None or not shares.any():
            return np.zeros(self._vectors.shape[1], np.float32)
        mean = self._vectors[shares == shares.max()].mean(0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def _looks(text: str, unknown: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """What of a text says anything of a look, and the unknown words that don't: all of it where nothing else is said.

    What the tower makes of "size 42" is chance, while it knows words that no product is described by ("floral").
    """
    unseen = tuple(filter(is_unseen, unknown))
    left = [word for word in words_in(text) if plain(word) not in unseen]
    return (" ".join(left), unseen) if unseen and not say_nothing(left, SMALL) else (text, ())
