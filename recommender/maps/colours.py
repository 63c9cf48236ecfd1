"""The colour of each product on a map, by one column: as small numbers into a short list of colours.

Categories get colours that can be told apart, and shades of their department's colour where
they have one; words for colours get the colour that they name; numbers get a scale. A
missing value has a grey of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from PIL import ImageColor

from recommender.catalog.catalog import LABEL_COLUMNS
from recommender.catalog.labels import label_text
from recommender.errors import RecommenderError
from recommender.maps import palettes

MOST = 30
TELLABLE = 200
MOST_COLOUR_WORDS = 100
PARENT = {"subCategory": "masterCategory", "articleType": "masterCategory"}
SHARED = ("multi", "multicolor", "multicolour", "multicoloured", "multicolored", "assorted")
NO_VALUE, OTHER, OTHER_IN = "No value", "Other", "Other in {}"
STEPS = 255
# What shops mean by a colour word, where the web's colours of that name differ or have none.
WORDS = {
    "black": "#1b1a1b", "white": "#ffffff", "off white": "#f2ecdd", "cream": "#f0e2bd", "beige": "#d1b98f",
    "nude": "#dcae95", "skin": "#e2bd9b", "khaki": "#a39567", "tan": "#b5783f", "mushroom brown": "#8c7a64",
    "taupe": "#877b6f", "brown": "#6b4226", "coffee brown": "#3d2a1e", "grey": "#88898b", "grey melange": "#a8a8a7",
    "charcoal": "#404346", "navy blue": "#1c2750", "blue": "#2659b0", "turquoise blue": "#22b3bd", "teal": "#10757b",
    "sea green": "#4fb093", "green": "#278440", "lime green": "#a9d23c", "fluorescent green": "#bff52f",
    "olive": "#6b6b2f", "yellow": "#f4d327", "mustard": "#c9982c", "orange": "#f0761f", "rust": "#a84a27",
    "peach": "#f6b595", "red": "#cb222b", "maroon": "#6d1b2a", "burgundy": "#571328", "pink": "#ef8bb0",
    "rose": "#d5737d", "magenta": "#bd1f73", "mauve": "#9d748a", "purple": "#63338c", "lavender": "#bba8d9",
    "gold": "#cda64d", "silver": "#c0c2c5", "steel": "#9a9da1", "metallic": "#acadaf", "copper": "#b66d46",
    "bronze": "#8e6539",
}  # fmt: skip
# A quarter to half of the way from one page to the other: seen on both, and like no category.
_GREY = {OTHER: ("#77746d", "#8b8f8c"), NO_VALUE: ("#c6c2b8", "#4c514e")}
# From pale to deep on the light page; the dark page has them from deep to pale, so that more stands out on both.
_RAMP = ((0.84, 0.08, 195.0), (0.66, 0.11, 225.0), (0.48, 0.14, 265.0), (0.33, 0.13, 300.0))

# What a swatch stands for: a value, or the department of the values that share one.
_Key = str | tuple[str | None]


@dataclass(frozen=True)
class Swatch:
    """One entry of a legend: what it stands for, its colour on either page, and how many products have it."""

    text: str
    light: str
    dark: str
    count: int
    parent: str | None = None


@dataclass(frozen=True, eq=False)
class Categories:
    """Products coloured by kind.

    Attributes
    ----------
    codes
        (n,) uint8, the number of each product's swatch.
    swatches
        Families together, larger first, each with its "Other in" at the end; then "Other" and "No value". Those that
        no product has are left out.
    note
        What the legend can't show, in one sentence; empty where it shows all.
    """

    codes: np.ndarray
    swatches: tuple[Swatch, ...]
    note: str = ""


@dataclass(frozen=True, eq=False)
class Scale:
    """Products coloured by a number.

    Attributes
    ----------
    codes
        (n,) uint8: step on the ramps, from 0 at ``low`` to 254 at ``high``; 255 where there is no value.
    light, dark
        256 colours each, of which the last is for no value.
    low, high
        Ends of the scale; numbers beyond them have the colour of the end.
    """

    codes: np.ndarray
    light: tuple[str, ...]
    dark: tuple[str, ...]
    low: float
    high: float
    missing: int
    note: str = ""


def colour_by(frame: pd.DataFrame, column: str) -> Categories | Scale:
    """Colours of all products by one column of the catalogue.

    Raises
    ------
    RecommenderError
        If there is no such column.
    """
    if column not in frame.columns:
        raise RecommenderError(f"The catalogue has no column {column!r} to colour by.")
    values = frame[column]
    number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if number and column not in LABEL_COLUMNS:  # an empty column of labels may come as one of numbers
        return scale(values.to_numpy(np.float64, na_value=np.nan))
    words = label_text(values)
    if column == "baseColour":
        return true_colours(words)
    if column == "masterCategory":
        return categories(words, words)
    above = PARENT.get(column)
    return categories(words, label_text(frame[above]) if above in frame.columns else None)


def categories(
    values: Sequence[str | None], parents: Sequence[str | None] | None = None, most: int = MOST
) -> Categories:
    """Colours that tell values apart.

    Parameters
    ----------
    values
        One a product; None for no value.
    parents
        The department of each product: its values become shades of one hue. None gives every value a hue.
    most
        How many values get a colour, ``TELLABLE`` at most; the rarest beyond it share a last shade of their department,
        or the grey of "Other" where they have none.
    """
    most = min(most, TELLABLE)
    counts = _counted(values)
    shown = list(counts)[: most if len(counts) <= most else most - 1]
    if parents is None:
        pairs = zip(shown, palettes.distinct(len(shown)), strict=True)
        return _coded(values, {name: Swatch(name, *pair, counts[name]) for name, pair in pairs})
    # More hues than values that get one would all look alike, and take long to find.
    departments = list(_counted(parents))[:most]
    above = {value: parent if parent in departments else None for value, parent in _parents(values, parents).items()}
    swatches = _shades(counts, shown, above, departments)
    orphans = [name for name in shown if above[name] is None]
    used = tuple(swatch.light for swatch in swatches.values())
    spare = zip(orphans, palettes.distinct(len(orphans), used), strict=True)
    swatches |= {name: Swatch(name, *pair, counts[name]) for name, pair in spare}
    return _coded(values, swatches, {name: (above[name],) for name in counts if name not in shown})


def _shades(
    counts: Mapping[str, int], shown: Sequence[str], above: Mapping[str | None, str | None], parents: Sequence[str]
) -> dict[_Key, Swatch]:
    """Swatches of the values that are shown, department by department, and one of those that are not."""
    kin = {parent: [name for name in shown if above[name] == parent] for parent in parents}
    rest = {parent: [name for name in counts if above[name] == parent and name not in shown] for parent in parents}
    # All departments, so that a department has the same hue whichever of its columns is shown.
    colours = palettes.families(tuple(max(len(kin[parent]) + bool(rest[parent]), 1) for parent in parents))
    swatches: dict[_Key, Swatch] = {}
    for parent, shades in zip(parents, colours, strict=True):
        family = zip(kin[parent], shades, strict=False)
        for name, pair in family:
            swatches[name] = Swatch(name, *pair, counts[name], parent if parent != name else None)
        if kin[parent] and rest[parent]:
            several = sum(counts[name] for name in rest[parent])
            text = _apart(OTHER_IN.format(parent), shown)
            swatches[parent,] = Swatch(text, *shades[len(kin[parent])], several, parent)
    return swatches


def true_colours(values: Sequence[str | None]) -> Categories:
    """Colours that are what the values say: "Navy Blue" is navy blue.

    A word that names no colour, and "Multi", gets one that is far from those that are shown. White on a light page and
    black on a dark one are moved until they can be seen.
    """
    counts = _counted(values)
    shown = list(counts)[:MOST_COLOUR_WORDS]
    known = {name: colour for name in shown if (colour := _meant(name))}
    unknown = [name for name in shown if name not in known]
    spare = palettes.distinct(len(unknown), tuple(known.values()))
    pairs = dict(zip(unknown, spare, strict=True))
    for name, colour in known.items():
        pairs[name] = (
            palettes.visible(colour, palettes.LIGHT_PAGE),
            palettes.visible(colour, palettes.DARK_PAGE),
        )
    result = _coded(values, {name: Swatch(name, *pairs[name], counts[name]) for name in shown})
    strange = [name for name in unknown if name.casefold() not in SHARED]
    if not strange:
        return result
    named = ", ".join(strange[:3]) + (f" and {len(strange) - 3} more" if len(strange) > 3 else "")
    return replace(result, note=f"{result.note} Not the name of a colour we know: {named}.".strip())


def scale(values: np.ndarray) -> Scale:
    """Colours along a ramp for (n,) numbers; the ends leave out the highest and the lowest hundredth."""
    given = np.isfinite(values)
    low, high = np.percentile(values[given], [1, 99], method="nearest") if given.any() else (0.0, 0.0)
    # Of halves the difference is finite, whatever the numbers.
    half = (high / 2 - low / 2) or 0.5
    steps = np.rint(np.clip(np.where(given, values, low) / 2 - low / 2, 0, half) / half * (STEPS - 1))
    light, dark = _ramps()
    missing = int((~given).sum())
    beyond = int(((values < low) | (values > high))[given].sum())
    return Scale(
        codes=np.where(given, steps, STEPS).astype(np.uint8),
        light=(*light, _GREY[NO_VALUE][0]),
        dark=(*dark, _GREY[NO_VALUE][1]),
        low=float(low),
        high=float(high),
        missing=missing,
        note=" ".join(
            [f"{beyond:,} products lie beyond the ends of the scale."] * (beyond > 1)
            + [f"{missing:,} product{'s have' if missing > 1 else ' has'} no value (grey)."]
            * (0 < missing < len(values))
        ),
    )


def _ramps() -> tuple[list[str], list[str]]:
    stops = np.array(_RAMP)
    place = np.linspace(0, len(stops) - 1, STEPS)
    lightness, chroma, hue = (np.interp(place, np.arange(len(stops)), part) for part in stops.T)
    light = palettes.texts(palettes.from_oklch(lightness, chroma, hue))
    # The dark page starts a little above itself, where the light one ends.
    return light, light[::-1]


def _counted(values: Sequence[str | None]) -> dict[str, int]:
    """How often each value is there, most often first, ties by name."""
    counts = Counter(value for value in values if value is not None)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _parents(values: Sequence[str | None], parents: Sequence[str | None] | None) -> dict[str | None, str | None]:
    """The department that most products of a value are in; None where they have none."""
    if parents is None:
        return dict.fromkeys(values)
    pairs = Counter(zip(values, parents, strict=True))
    return {value: parent for (value, parent), _ in sorted(pairs.items(), key=lambda pair: (pair[1], str(pair[0])))}


def _apart(text: str, values: Collection[str]) -> str:
    """Our word for several values, longer where one of the ``values`` that are shown reads the same."""
    taken = text.casefold() in {value.casefold() for value in values}
    return f"{text} (rarer values)" if taken else text


def _coded(
    values: Sequence[str | None], known: Mapping[_Key, Swatch], filed: Mapping[str, _Key] | None = None
) -> Categories:
    """Numbers for the values; one without a swatch has that which it is filed under, or "Other"; None has its own."""
    number: dict[_Key | None, int] = {key: i for i, key in enumerate(known)}
    swatches = list(known.values())
    rest = {value for value in values if value is not None and value not in number}
    several = sum(value in rest for value in values)
    for value in rest:
        number[value] = number.get((filed or {}).get(value), len(known))
    lost = [value for value in values if value is not None and number[value] == len(known)]
    other = _apart(OTHER, [key for key in known if isinstance(key, str)])
    if lost:
        swatches.append(Swatch(other, *_GREY[OTHER], len(lost)))
    if None in values:
        number[None] = len(swatches)
        swatches.append(Swatch(NO_VALUE, *_GREY[NO_VALUE], sum(value is None for value in values)))
    codes = np.array([number[value] for value in values], np.uint8)
    places = [other] * bool(lost) + [f"{OTHER} in their department"] * (several > len(lost))
    note = f"{len(rest)} rarer values, {several:,} products in all, are shown as {' or '.join(places)}." if rest else ""
    return Categories(codes, tuple(swatches), note)


def _meant(name: str) -> str | None:
    """The colour that a word names: the shops' word, the web's, or that of its last words ("dark mint green")."""
    words = name.casefold().replace("gray", "grey").replace("-", " ").split()
    for start in range(len(words)):
        tail = words[start:]
        found = WORDS.get(" ".join(tail)) or ImageColor.colormap.get("".join(tail))
        if found:
            return found if isinstance(found, str) else "#{:02x}{:02x}{:02x}".format(*found)
    return None
