"""A name for each cluster, made of what most of its products share: "Men's navy blue jeans"."""

from __future__ import annotations

from textwrap import shorten

import numpy as np
import pandas as pd

# Two types stand for a cluster where they make up so much of it, and the second one so much.
PAIR, SECOND = 0.75, 0.2
# A word stands for a cluster where at least so many of its products have it: it is untrue of the others.
MOST_HAVE = {"gender": 0.8, "baseColour": 0.7, "articleType": 0.7, "subCategory": 0.7, "masterCategory": 0.7}
# What tells clusters of the same name apart, by how much more frequent it is in one of them.
TELLING = ("baseColour", "articleType", "pattern", "usage", "gender", "subCategory", "season", "brand")
AT_LEAST = 0.2
LONGEST = 44
WHOSE = {"Men": "Men's", "Women": "Women's", "Boys": "Boys'", "Girls": "Girls'", "Unisex": "Unisex"}
SPELLED = {"Tshirts": "T-shirts", "Lounge Tshirts": "lounge T-shirts", "Lips": "lip make-up", "Nails": "nail care"}
# Catalogues name some kinds of things by one of them.
ONE_OF = (
    "bag",
    "bangle",
    "bottle",
    "bra",
    "bracelet",
    "jumpsuit",
    "pendant",
    "pouch",
    "ring",
    "saree",
    "sandal",
    "stole",
)


def name_clusters(labels: np.ndarray, frame: pd.DataFrame) -> tuple[str, ...]:
    """One name for each cluster number in ``labels`` (n,): short, never empty, no two alike.

    A name has the thing (the type that most of the cluster are of, or two types, or a category) and before it whom it
    is for and the colour, where most share them. Where names are alike, each gets what is more frequent in it than in
    the others; where nothing is, a number. Columns that the catalogue lacks are left out.
    """
    shares = _Shares(labels, frame)
    plain = [_plain_name(shares, i) for i in range(shares.k)]
    names = list(plain)
    for name in dict.fromkeys(plain):
        alike = [i for i in range(shares.k) if plain[i] == name]
        if len(alike) > 1:
            for i, tail in zip(alike, _tails(shares, alike, name), strict=True):
                names[i] = f"{name}, {tail}" if tail else name
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        while seen[name] > 1 and f"{name} {seen[name]}" in names:
            seen[name] += 1
        names[i] = name if seen[name] == 1 else f"{name} {seen[name]}"
    return tuple(names)


class _Shares:
    """How frequent every value of every useful column is in every cluster."""

    def __init__(self, labels: np.ndarray, frame: pd.DataFrame) -> None:
        self.k = int(labels.max(initial=-1)) + 1
        sizes = np.bincount(labels, minlength=self.k)
        self._labels = labels
        self._words: dict[str, np.ndarray] = {}
        self._tables: dict[str, tuple[list[str], np.ndarray]] = {}
        for column in {*MOST_HAVE, *TELLING} & set(frame.columns):
            words = frame[column].map(lambda value: value.strip() or None if isinstance(value, str) else None)
            self._words[column] = words.to_numpy(object)
            codes, values = pd.factorize(words)
            table = np.zeros((self.k, len(values)))
            np.add.at(table, (labels[codes >= 0], codes[codes >= 0]), 1)
            self._tables[column] = list(values), table / np.maximum(sizes, 1)[:, None]

    def top(self, column: str, cluster: int) -> list[tuple[str, float]]:
        """Values of a column in a cluster with their shares, most frequent first."""
        values, table = self._tables.get(column, ([], np.zeros((self.k, 0))))
        order = np.argsort(-table[cluster], kind="stable")
        return [(values[i], float(table[cluster, i])) for i in order if table[cluster, i] > 0]

    def holds(self, column: str, value: str, cluster: int, article: str) -> bool:
        """Whether most products of a type in a cluster have a value."""
        there = (self._labels == cluster) & (self._words["articleType"] == article)
        return bool((self._words[column][there] == value).mean() >= MOST_HAVE[column])

    def share(self, column: str, value: str, clusters: list[int]) -> np.ndarray:
        """Share of a value in each of some clusters."""
        values, table = self._tables[column]
        return table[clusters, values.index(value)]


def _plain_name(shares: _Shares, cluster: int) -> str:
    types = _types(shares, cluster)
    thing = " and ".join(map(_lower, types)) or _category(shares, cluster)
    whose, colour = (_said_of(shares, column, cluster, types) for column in ("gender", "baseColour"))
    if not (thing or whose or colour):
        return "Group"
    parts = [WHOSE.get(whose, whose), colour.lower() if colour != "Multi" else "multicoloured", thing or "products"]
    for dropped in ((), (1,), (0, 1)):
        name = " ".join(part for place, part in enumerate(parts) if part and place not in dropped)
        if len(name) <= LONGEST:
            break
    return name[:1].upper() + name[1:]


def _said_of(shares: _Shares, column: str, cluster: int, types: list[str]) -> str:
    """The value that most of a cluster have, where it holds for each of the ``types`` as well; or an empty text."""
    value = _shared(shares, column, cluster)
    return value if value and all(shares.holds(column, value, cluster, article) for article in types) else ""


def _types(shares: _Shares, cluster: int) -> list[str]:
    """The type that the products are of, or two types, or none."""
    one = _shared(shares, "articleType", cluster)
    if one:
        return [one]
    pair = shares.top("articleType", cluster)[:2]
    if len(pair) == 2 and pair[1][1] >= SECOND and pair[0][1] + pair[1][1] >= PAIR:
        both = [value for value, _ in pair]
        if not any(" and " in _lower(value) for value in both):  # not "necklace and chains and pendants"
            return both
    return []


def _category(shares: _Shares, cluster: int) -> str:
    """The narrowest category that most of the products are of."""
    found = _shared(shares, "subCategory", cluster) or _shared(shares, "masterCategory", cluster)
    if found:
        return _lower(found)
    return "mixed products" if shares.top("articleType", cluster) else ""


def _shared(shares: _Shares, column: str, cluster: int) -> str:
    """The value that most of a cluster have, or an empty text."""
    value, share = (shares.top(column, cluster) or [("", 0.0)])[0]
    return value if share >= MOST_HAVE[column] else ""


def _tails(shares: _Shares, clusters: list[int], name: str) -> list[str]:
    """For clusters of one name what each has more of than the others together, each word once."""
    used: set[str] = set()
    tails = []
    for place, cluster in enumerate(clusters):
        best, tail = 0.0, ""
        for column in TELLING:
            for value, share in shares.top(column, cluster)[:4]:
                word = _lower(WHOSE.get(value, value) if column == "gender" else value)
                if share < AT_LEAST or word in used or word in name.lower():
                    continue
                others = np.delete(shares.share(column, value, clusters), place).mean()
                if share - others > best:
                    best, tail = share - others, word
        tails.append(tail if best > 0.1 else "")
        used |= {tail} if tail else set()
    return tails


def _lower(word: str) -> str:
    """A value as it stands inside a name: small letters, and in the plural."""
    small = SPELLED.get(word, word.lower())
    if small.split()[-1] in ONE_OF:
        small += "es" if small.endswith("ch") else "s"
    short = shorten(small, LONGEST - 14, placeholder="…")
    return short if short != "…" else f"{small[: LONGEST - 15]}…"  # one long word, which is cut inside
