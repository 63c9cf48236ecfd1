"""Colour words of the catalogue and what they look like.

Each word has a few sRGB values, the albedo of a product that shops call so, from
dark to light. Needs no Blender.
"""

from __future__ import annotations

import colorsys

import numpy as np

from recommender.studio.design import RGB

COLOURS: dict[str, tuple[str, ...]] = {
    "Black": ("#171617", "#1c1b1c", "#222022", "#1a1a1f"),
    "White": ("#e9e9e8", "#eeeeee", "#f1f0ee", "#ecedef"),
    "Off White": ("#e6e0d3", "#ebe5d8", "#e9e4dc"),
    "Cream": ("#e6d9bd", "#eaddc0", "#eee3ca"),
    "Beige": ("#c8ae8a", "#cdb591", "#d3bd9c", "#c4ab87"),
    "Nude": ("#d6ab92", "#dcb59c", "#cfa085"),
    "Skin": ("#dab292", "#e0bd9f", "#d5a98a"),
    "Khaki": ("#9c8a62", "#a6946b", "#8f7e58"),
    "Tan": ("#a9703f", "#b37a48", "#9c6538"),
    "Mushroom Brown": ("#86735c", "#907d66"),
    "Taupe": ("#877a6c", "#918475"),
    "Brown": ("#4a2f21", "#563624", "#633f2a", "#704a31"),
    "Coffee Brown": ("#33221a", "#3c281e", "#2d1f19"),
    "Grey": ("#7c7e80", "#8b8c8d", "#999a9b", "#6c6e71"),
    "Grey Melange": ("#9a9a99", "#a6a6a5", "#b0afad"),
    "Charcoal": ("#3a3c3e", "#434547", "#4b4d50"),
    "Navy Blue": ("#1a2240", "#1d2747", "#222b4e", "#171d37"),
    "Blue": ("#21489c", "#2a58ae", "#3467b8", "#4b7cc0", "#1e3f8c"),
    "Turquoise Blue": ("#18a3ae", "#2bb2b8", "#48c0c4"),
    "Teal": ("#0f6a70", "#14777b", "#0d5c63"),
    "Sea Green": ("#3fa387", "#55b297", "#70bfa8"),
    "Green": ("#1e7a3c", "#2b8a45", "#186633", "#4a9a4b", "#1c5a35"),
    "Lime Green": ("#a8cf3a", "#b6d94c"),
    "Fluorescent Green": ("#bdf02c", "#c8f53c"),
    "Olive": ("#555432", "#5f5d38", "#4a4a2d", "#6a6740"),
    "Yellow": ("#f0c81e", "#f3d02f", "#f5d84a", "#eec00f"),
    "Mustard": ("#c8962a", "#d09f31", "#bf8b24"),
    "Orange": ("#e9641c", "#ee7224", "#f07f2c", "#e25a14"),
    "Rust": ("#a04423", "#ab4d29", "#94401f"),
    "Peach": ("#f3ab8a", "#f5b699", "#efa07f"),
    "Red": ("#b8161f", "#c41c24", "#cc242b", "#ad121c"),
    "Maroon": ("#641b26", "#6e1f2b", "#591722"),
    "Burgundy": ("#521326", "#5b172b", "#4b1022"),
    "Pink": ("#e8799f", "#ee8bad", "#f09fbb", "#e05c8c", "#f2b3c6"),
    "Rose": ("#d77f86", "#cf7079", "#de9097"),
    "Magenta": ("#b51c6c", "#c22577", "#a81663"),
    "Mauve": ("#997084", "#a47d90"),
    "Purple": ("#56297d", "#623389", "#4b2370", "#6f3f96"),
    "Lavender": ("#b7a2d3", "#c1aedb", "#ab94ca"),
    "Gold": ("#c8a04a", "#d0aa55", "#bf9540"),
    "Silver": ("#bfc0c2", "#c9cacb", "#b5b6b9"),
    "Steel": ("#9b9c9f", "#a5a7a9", "#8f9195"),
    "Copper": ("#b06a45", "#b9744e", "#a5603d"),
    "Bronze": ("#8a6238", "#946b40", "#7f5932"),
}

METALLIC = ("Gold", "Silver", "Steel", "Copper", "Bronze")

# What shops put next to a colour, beside the plain light and dark ones.
PARTNERS: dict[str, tuple[str, ...]] = {
    "Black": ("White", "Red", "Grey", "Yellow", "Gold", "Pink"),
    "White": ("Navy Blue", "Black", "Red", "Blue", "Green", "Pink"),
    "Off White": ("Navy Blue", "Maroon", "Olive", "Rust"),
    "Cream": ("Maroon", "Brown", "Teal", "Rust", "Navy Blue"),
    "Beige": ("Brown", "White", "Navy Blue", "Black"),
    "Khaki": ("Brown", "Cream", "Black", "Olive"),
    "Tan": ("Cream", "Coffee Brown", "Black"),
    "Brown": ("Cream", "Beige", "Orange", "Tan"),
    "Coffee Brown": ("Cream", "Beige", "Tan"),
    "Grey": ("White", "Black", "Navy Blue", "Yellow", "Red"),
    "Grey Melange": ("Navy Blue", "Black", "Red", "White"),
    "Charcoal": ("White", "Red", "Orange", "Grey"),
    "Navy Blue": ("White", "Red", "Yellow", "Cream", "Grey"),
    "Blue": ("White", "Navy Blue", "Yellow", "Orange"),
    "Turquoise Blue": ("White", "Navy Blue", "Gold"),
    "Teal": ("Cream", "Mustard", "White"),
    "Sea Green": ("White", "Navy Blue", "Cream"),
    "Green": ("White", "Yellow", "Navy Blue", "Cream"),
    "Olive": ("Cream", "Black", "Orange", "Beige"),
    "Yellow": ("Navy Blue", "White", "Black", "Blue"),
    "Mustard": ("Maroon", "Cream", "Navy Blue"),
    "Orange": ("White", "Navy Blue", "Black"),
    "Rust": ("Cream", "Navy Blue", "Beige"),
    "Peach": ("White", "Maroon", "Grey"),
    "Red": ("White", "Black", "Navy Blue", "Yellow"),
    "Maroon": ("Gold", "Cream", "White", "Mustard"),
    "Burgundy": ("Cream", "Gold", "White"),
    "Pink": ("White", "Magenta", "Navy Blue", "Grey"),
    "Magenta": ("White", "Gold", "Navy Blue", "Orange"),
    "Purple": ("White", "Lavender", "Gold", "Pink"),
    "Lavender": ("White", "Purple", "Grey"),
}


def linear(colour: str) -> RGB:
    """Linear RGB of #rrggbb."""
    s = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    r, g, b = np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)
    return float(r), float(g), float(b)


def luminance(colour: RGB) -> float:
    """Relative luminance of linear RGB."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def shade(word: str, rng: np.random.Generator) -> RGB:
    """One linear RGB of a colour word: a variant of the table, varied a little."""
    choices = COLOURS[word]
    text = choices[int(rng.integers(len(choices)))]
    r, g, b = (int(text[k : k + 2], 16) / 255 for k in (1, 3, 5))
    hue, light, full = colorsys.rgb_to_hls(r, g, b)
    small = rng.normal(0, 1, 3)
    grey = word in ("Black", "White", "Grey", "Grey Melange", "Charcoal", *METALLIC)
    hue = (hue + 0.006 * float(np.clip(small[0], -1.5, 1.5))) % 1
    light = float(np.clip(light * (1 + (0.015 if word == "White" else 0.03) * small[1]), 0.05, 0.955))
    full = float(np.clip(full * (1 + (0.0 if grey else 0.05) * small[2]), 0, 1))
    r, g, b = colorsys.hls_to_rgb(hue, light, full)
    return linear("#" + "".join(f"{round(v * 255):02x}" for v in (r, g, b)))


def contrast(a: RGB, b: RGB) -> float:
    """How well two linear colours stand apart for the eye: distance of their cube roots."""
    return float(np.linalg.norm(np.cbrt(np.asarray(a)) - np.cbrt(np.asarray(b))))


def accent(word: str, colour: RGB, rng: np.random.Generator, least: float = 0.35) -> tuple[str, RGB]:
    """A second colour that goes with ``colour`` and stands out from it: its word and linear RGB."""
    choices = [*list(PARTNERS.get(word, ())), "White" if luminance(colour) < 0.35 else "Navy Blue"]
    found = []
    for other in choices:
        value = shade(other, rng)
        if other != word and contrast(colour, value) >= least:
            found.append((other, value))
    if not found:
        other = "White" if luminance(colour) < 0.3 else "Black"
        return other, shade(other, rng)
    return found[int(rng.integers(len(found)))]
