"""Draw products: designs with labels, titles, prices and the variants among them.

Product number k of an article depends on the seed, the article's name and k only,
so a new article or a larger catalogue leaves every other product as it was. Needs
no Blender.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from recommender.studio import articles as families
from recommender.studio import brands, palette
from recommender.studio.design import Article, Design

VARIANT_SHARE = 0.12
DUPLICATE_SHARE = 0.015
YEARS = tuple(range(2012, 2027))
# What the ids of the shipped catalogue begin with. Three of these names lead to the same number ("Flats", "Socks" and
# "Trousers"), and a new name may lead to any of them: whichever family file is read first, these stay.
BLOCKS = {
    "Backpacks": 245, "Handbags": 562, "Nail Polish": 624, "Lipstick": 895, "Belts": 929, "Jeans": 940,
    "Bracelet": 923, "Bangle": 336, "Clutches": 946, "Dresses": 472, "Skirts": 833, "Sweatshirts": 470,
    "Sweaters": 903, "Jackets": 310, "Kurtas": 956, "Sunglasses": 842, "Flats": 660, "Casual Shoes": 722,
    "Formal Shoes": 987, "Perfume and Body Mist": 362, "Deodorant": 662, "Caps": 348, "Heels": 506,
    "Water Bottle": 984, "Earrings": 693, "Ring": 832, "Pendant": 727, "Necklace and Chains": 252, "Duffel Bag": 961,
    "Laptop Bag": 338, "Ties": 526, "Scarves": 792, "Flip Flops": 731, "Sandals": 629, "Sports Sandals": 161,
    "Shirts": 897, "Wallets": 160, "Socks": 661, "Sports Shoes": 202, "Trousers": 663, "Track Pants": 986,
    "Shorts": 293, "Leggings": 911, "Capris": 446, "Tshirts": 270, "Tops": 372, "Innerwear Vests": 804,
    "Watches": 118,
}  # fmt: skip
PATTERN_WORDS = {
    "striped": ("Striped",),
    "plaid": ("Checked", "Plaid"),
    "spotted": ("Patterned", "Printed"),
    "graphic": ("Printed", "Graphic"),
}


@dataclass(frozen=True)
class Described:
    """One product of the catalogue: its design and everything that only the table says.

    ``variantOf`` is the id of the product of which this is another colour,
    ``duplicateOf`` that whose picture it repeats; ``copy`` is then "exact" or "near".
    """

    design: Design
    title: str
    brand: str
    price: float
    year: int
    isFragile: bool
    variantOf: str | None = None
    duplicateOf: str | None = None
    copy: str = ""

    @property
    def id(self) -> str:
        """The product's id."""
        return self.design.id


def pick(rng: np.random.Generator, weights: Mapping[str, float]) -> str:
    """A key of ``weights``, in proportion to its weight."""
    names = list(weights)
    shares = np.array([weights[n] for n in names], dtype=float)
    return names[int(rng.choice(len(names), p=shares / shares.sum()))]


def blocks(registry: Mapping[str, Article]) -> dict[str, int]:
    """A number of three digits for each article: that of :data:`BLOCKS`, or the first free one from its name on."""
    out = dict(BLOCKS)
    for name in registry:
        if name in out:
            continue
        number = 100 + zlib.crc32(name.encode()) % 900
        while number in out.values():
            number = 100 + (number - 99) % 900
        out[name] = number
    return {name: out[name] for name in registry}


def shares(count: int, chosen: Mapping[str, Article]) -> dict[str, int]:
    """How many products of each article make ``count``, by weight, at least one each where possible."""
    weights = np.array([a.weight for a in chosen.values()], dtype=float)
    exact = weights / weights.sum() * count
    whole = np.floor(exact).astype(int)
    if count >= len(chosen):
        whole = np.maximum(whole, 1)
    rest = np.argsort(-(exact - whole), kind="stable")
    k = 0
    while whole.sum() < count:
        whole[rest[k % len(rest)]] += 1
        k += 1
    while whole.sum() > count:
        whole[int(np.argmax(whole - exact))] -= 1
    return dict(zip(chosen, whole.tolist(), strict=True))


def designs(count: int, seed: int = 7, articles: Iterable[str] | None = None) -> list[Described]:
    """``count`` products over all registered articles, or over ``articles`` only.

    Raises ``ValueError`` for an unknown article name.
    """
    registry = families.load()
    names = list(registry) if articles is None else list(dict.fromkeys(articles))
    unknown = [n for n in names if n not in registry]
    if unknown:
        raise ValueError(f"unknown articles: {', '.join(unknown)}; known: {', '.join(registry)}")
    if count < 1 or not names:
        return []
    number = blocks(registry)
    out: list[Described] = []
    for name, many in shares(count, {n: registry[n] for n in names}).items():
        out += of_article(registry[name], many, seed, number[name])
    return out


def of_article(article: Article, count: int, seed: int, block: int) -> list[Described]:
    """The first ``count`` products of one article."""
    out: list[Described] = []
    for k in range(count):
        rng = np.random.default_rng([seed, zlib.crc32(article.articleType.encode()), k])
        ident = f"{block}{k + 1:03d}"
        chance = rng.random()
        originals = [d for d in out if d.variantOf is None and d.duplicateOf is None]
        if k and chance < DUPLICATE_SHARE:
            out.append(_duplicate(originals[int(rng.integers(len(originals)))], ident, rng))
            continue
        made = None
        if k and chance < DUPLICATE_SHARE + VARIANT_SHARE:
            first = originals[int(rng.integers(len(originals)))]
            made = _variant(first, [d for d in out if d.variantOf == first.id], article, ident, rng)
        out.append(made or _original(article, ident, rng))
    return out


def _original(article: Article, ident: str, rng: np.random.Generator) -> Described:
    """A product of its own."""
    word = pick(rng, article.colours)
    colour = palette.shade(word, rng)
    other, accent = palette.accent(word, colour, rng)
    design = Design(
        ident,
        int(rng.integers(1, 2**31 - 1)),
        article.masterCategory,
        article.subCategory,
        article.articleType,
        pick(rng, article.genders),
        word,
        pick(rng, article.seasons),
        pick(rng, article.usages),
        pick(rng, article.patterns),
        colour,
        accent,
        other,
    )
    names = brands.brands_of(article.masterCategory)
    brand = names[int(rng.integers(len(names)))]
    year = int(rng.choice(YEARS, p=np.linspace(1, 3, len(YEARS)) / np.linspace(1, 3, len(YEARS)).sum()))
    price = _price(article, brands.tier(article.masterCategory, brand), rng)
    return Described(design, _title(design, brand, article, design.seed), brand, price, year, article.fragile)


def _variant(
    first: Described, others: list[Described], article: Article, ident: str, rng: np.random.Generator
) -> Described | None:
    """``first`` in another colour; None when all colours are taken."""
    taken = {first.design.baseColour} | {d.design.baseColour for d in others}
    free = {word: weight for word, weight in article.colours.items() if word not in taken}
    if not free:
        return None
    word = pick(rng, free)
    colour = palette.shade(word, rng)
    other, accent = palette.accent(word, colour, rng)
    design = replace(first.design, id=ident, baseColour=word, colour=colour, accent=accent, accentColour=other)
    return replace(first, design=design, title=_title(design, first.brand, article, design.seed), variantOf=first.id)


def _duplicate(first: Described, ident: str, rng: np.random.Generator) -> Described:
    """``first`` listed a second time with the same or nearly the same picture."""
    return replace(
        first,
        design=replace(first.design, id=ident),
        duplicateOf=first.id,
        copy="exact" if rng.random() < 0.4 else "near",
    )


def _title(design: Design, brand: str, article: Article, seed: int) -> str:
    """Title as shops write it; the same words for all colours of one design."""
    rng = np.random.default_rng([seed, 5])
    line = brands.LINES[int(rng.integers(len(brands.LINES)))]
    words = PATTERN_WORDS.get(design.pattern, ("",))
    noun = article.nouns[int(rng.integers(len(article.nouns)))]
    parts = [
        brand,
        design.gender,
        line if rng.random() < 0.4 else "",
        words[int(rng.integers(len(words)))],
        design.baseColour,
        noun,
    ]
    return " ".join(p for p in parts if p)


def _price(article: Article, tier: int, rng: np.random.Generator) -> float:
    """Price in the shop's currency: whole or ending in .99, dearer for dearer brands."""
    low, high = article.price
    at = np.clip((tier + rng.beta(2, 2.2)) / 3, 0, 1) ** 1.25
    value = low + (high - low) * at
    step = 1 if value < 40 else 5 if value < 150 else 10
    value = int(np.clip(round(value / step) * step, low, high))
    return float(value) if rng.random() < 0.35 or value <= low else round(value - 0.01, 2)
