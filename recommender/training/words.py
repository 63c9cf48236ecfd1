"""The text tower in training: titles are drawn to their pictures, and pictures to their titles.

The loss is the symmetric one of Radford et al., "Learning Transferable Visual Models From
Natural Language Supervision", 2021, section 2.3, with a memory of earlier vectors as further
negatives (Wu et al., "Unsupervised Feature Learning via Non-Parametric Instance Discrimination",
2018, section 3.1), since a batch on a CPU holds too few.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from recommender.catalog import LABEL_COLUMNS
from recommender.text.features import tokens
from recommender.training.config import TrainConfig
from recommender.training.data import Pool
from recommender.training.network import TextNet

# Which columns a phrase names, and in what share of them: people type the kind, mostly, and then colour and gender.
PHRASES = {"baseColour": 0.8, "pattern": 0.5, "gender": 0.7, "articleType": 1.0, "usage": 0.2, "season": 0.1}
OTHERS = 0.5
"""The same for a catalogue's own columns. The two columns above articleType are not said beside it."""
TRUTHS = frozenset({"yes", "no"})
"""Classes that say nothing by themselves: a column of these is in no phrase."""


class Words:
    """What the loop needs to teach words beside labels: texts of a batch, the memory, the loss.

    ``text_memory`` of the configuration is the number of remembered negatives of a batch,
    ``text_phrases`` the share of texts that are said by the labels ("red women tshirts") instead
    of the title, ``text_drop`` the share of a title's words that are left out, so that half a
    title finds its product too. What is not in Latin letters or digits the tower does not read: labels of that kind are
    in no phrase.
    """

    def __init__(self, net: TextNet, pool: Pool, config: TrainConfig) -> None:
        self.net, self.pool = net, pool
        self.memory, self.phrases, self.drop = config.text_memory, config.text_phrases, config.text_drop
        # Half precision, as they are stored with a checkpoint: a resumed run sees the same.
        self.pictures = torch.zeros(len(pool), config.dim, dtype=torch.float16)
        self.texts = self.pictures.clone()
        self.seen = torch.zeros(len(pool), dtype=torch.bool)
        # Equal titles are no negatives of each other.
        number: dict[str, int] = {}
        self.same = torch.tensor([number.setdefault(title, len(number)) for title in pool.titles])
        own = {column: OTHERS for column in pool.columns if column not in LABEL_COLUMNS}
        shares = {column: share for column, share in {**PHRASES, **own}.items() if column in pool.labels}
        self.said = {column: share for column, share in shares.items() if _says(pool.classes[column])}
        labels = [pool.labels[column] for column in self.said]
        self.labels = torch.from_numpy(np.stack(labels, 1) if labels else np.empty((len(pool), 0), np.int64))
        # The last place is for the -1 of an unknown label.
        reads = [np.array([*(bool(tokens(name)) for name in pool.classes[column]), False]) for column in self.said]
        self.sayable = np.empty((len(pool), len(self.said)), bool)
        for c, (there, values) in enumerate(zip(reads, labels, strict=True)):
            self.sayable[:, c] = there[values]

    def state_dict(self) -> dict[str, Tensor]:
        """What a checkpoint keeps of the memory."""
        return {"pictures": self.pictures, "texts": self.texts, "seen": self.seen}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Take up the memory of a checkpoint."""
        self.pictures, self.texts, self.seen = state["pictures"], state["texts"], state["seen"]

    def loss(self, vectors: Tensor, rows: np.ndarray, there: Tensor, rng: np.random.Generator) -> Tensor:
        """Symmetric contrastive loss of the rows that show a product and have a title; 0 for none."""
        titled = np.array([bool(self.pool.titles[row]) for row in rows]) & there.numpy()
        if titled.sum() < 2:
            return torch.zeros(())
        own = torch.from_numpy(rows[titled])
        said, named = self._texts(rows[titled], rng)
        texts = self.net(said)
        pictures = vectors[torch.from_numpy(titled)]
        known = torch.nonzero(self.seen).flatten()
        others = known[torch.from_numpy(rng.integers(len(known), size=self.memory))] if len(known) else known
        all_rows = torch.cat([own, others])
        scale = self.net.log_scale.exp().clamp(max=60)
        wrong = self._allowed(own, named, all_rows)
        target = torch.arange(len(own))
        to_text = (scale * pictures @ torch.cat([texts, self.texts[others].float()]).T).masked_fill(~wrong, -1e4)
        to_picture = (scale * texts @ torch.cat([pictures, self.pictures[others].float()]).T).masked_fill(~wrong, -1e4)
        loss = (F.cross_entropy(to_text, target) + F.cross_entropy(to_picture, target)) / 2
        with torch.no_grad():
            self.pictures[own] = pictures.detach().half()
            plain = ~named.any(1)
            self.texts[own[plain]] = texts.detach()[plain].half()
            self.seen[own[plain]] = True
        return loss

    def _allowed(self, own: Tensor, named: Tensor, others: Tensor) -> Tensor:
        """(b, b + m): True where the pair is the right one or truly a wrong one."""
        same_title = self.same[own][:, None] == self.same[others][None]
        # A phrase fits everything whose labels it names.
        equal = (self.labels[own][:, None] == self.labels[others][None]) | ~named[:, None]
        fits = same_title | (equal.all(2) & named.any(1)[:, None])
        # The text of a column may be a phrase too: the same test from its side.
        back = torch.zeros_like(fits)
        b = len(own)
        back[:, :b] = fits[:, :b].T
        keep = ~(fits | back)
        keep[torch.arange(b), torch.arange(b)] = True
        return keep

    def _texts(self, rows: np.ndarray, rng: np.random.Generator) -> tuple[list[str], Tensor]:
        """A text for each row, and (n, columns) bool: which labels a phrase names; no True for a title."""
        said: list[str] = []
        named = np.zeros((len(rows), len(self.said)), bool)
        shares = np.array(list(self.said.values()))
        for i, row in enumerate(rows):
            words = self.pool.titles[row].split()
            if rng.random() < self.phrases:
                named[i] = (rng.random(len(shares)) < shares) & self.sayable[row]
                phrase = [
                    self.pool.classes[column][self.labels[row, c]] for c, column in enumerate(self.said) if named[i, c]
                ]
                words = phrase or words  # nothing is known of it but its title
            else:
                kept = [word for word in words if rng.random() >= self.drop]
                words = kept if kept and not _unread(kept) else words
            said.append(" ".join(words))
        return said, torch.from_numpy(named)


def _says(classes: list[str]) -> bool:
    """Whether a column's classes are worth saying: one can be read, and they are not yes and no."""
    return any(map(tokens, classes)) and not {name.casefold() for name in classes} <= TRUTHS


def _unread(words: list[str]) -> bool:
    """Whether words are in letters of which the tower reads none."""
    text = " ".join(words)
    return not text.isascii() and any(map(str.isalpha, text)) and not tokens(text)
