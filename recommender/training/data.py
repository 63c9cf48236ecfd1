"""The training material: pictures on the canvas, labels as numbers, and which rows validate.

Three tables are read (see ``docs/house-model.md``): studio photos with all labels,
the same products at a higher resolution, and phone photos with a garment class.
None of them is part of the project.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from recommender.catalog import LABEL_COLUMNS
from recommender.catalog.patterns import PATTERNS, pattern_from_title
from recommender.classifiers.familiar import CLAIMING
from recommender.classifiers.house import KIND
from recommender.errors import DataMissingError
from recommender.images.canvas import letterbox
from recommender.training.groups import CANVAS, TIES, duplicate_groups, validation_mask
from recommender.training.learnt import digests

KINDS = ("nothing", "product")
# What the seventeen classes of the phone photos say in the catalogue's vocabulary (None: it does not say).
PHOTO_CLASSES: dict[str, tuple[str, str | None, str | None]] = {
    "T-Shirt": ("Apparel", "Topwear", "Tshirts"),
    "Longsleeve": ("Apparel", "Topwear", None),
    "Pants": ("Apparel", "Bottomwear", None),
    "Shoes": ("Footwear", "Shoes", None),
    "Shirt": ("Apparel", "Topwear", "Shirts"),
    "Dress": ("Apparel", "Dress", "Dresses"),
    "Outwear": ("Apparel", "Topwear", "Jackets"),
    "Shorts": ("Apparel", "Bottomwear", "Shorts"),
    "Hat": ("Accessories", "Headwear", "Caps"),
    "Skirt": ("Apparel", "Bottomwear", "Skirts"),
    "Undershirt": ("Apparel", "Innerwear", "Innerwear Vests"),
    "Polo": ("Apparel", "Topwear", "Tshirts"),
    "Blazer": ("Apparel", "Topwear", None),
    "Hoodie": ("Apparel", "Topwear", "Sweatshirts"),
    "Body": ("Apparel", None, None),
    "Top": ("Apparel", "Topwear", "Tops"),
    "Blouse": ("Apparel", "Topwear", "Tops"),
}
# The same classes for catalogue products, which ties the two kinds of photo together in training.
GARMENT_OF_TYPE = {
    "Tshirts": "T-Shirt",
    "Shirts": "Shirt",
    "Jeans": "Pants",
    "Trousers": "Pants",
    "Track Pants": "Pants",
    "Casual Shoes": "Shoes",
    "Formal Shoes": "Shoes",
    "Sports Shoes": "Shoes",
    "Dresses": "Dress",
    "Jackets": "Outwear",
    "Shorts": "Shorts",
    "Caps": "Hat",
    "Skirts": "Skirt",
    "Innerwear Vests": "Undershirt",
    "Blazers": "Blazer",
    "Sweatshirts": "Hoodie",
    "Tops": "Top",
}


@dataclass
class Pool:
    """Everything that a run learns from and validates on.

    ``small`` is (n, h, w, 3) uint8; ``sharp`` the same for the ``sharp_rows`` that also
    exist at a higher resolution. ``labels`` holds (n,) int64 a column, -1 where unknown.
    ``photo`` marks phone photos, ``validation`` the rows kept out of training; ``titles``
    are "" where there is none. ``auxiliary`` are label columns that help to learn and are not
    shipped; ``name`` is the catalogue's, "" for the three tables. ``digests`` (n,) tell the pictures
    (:mod:`recommender.training.learnt`).
    """

    ids: np.ndarray
    small: np.ndarray
    sharp: np.ndarray
    sharp_of: np.ndarray
    labels: dict[str, np.ndarray]
    classes: dict[str, list[str]]
    photo: np.ndarray
    groups: np.ndarray
    validation: np.ndarray
    titles: list[str]
    auxiliary: tuple[str, ...] = ()
    name: str = ""
    digests: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint32))

    @property
    def columns(self) -> tuple[str, ...]:
        """Label columns that the model is to give, without ``kind``, which is no column of a catalogue."""
        return tuple(column for column in self.classes if column != KIND and column not in self.auxiliary)

    @property
    def claiming(self) -> str:
        """The column whose classes claim a photo: where there is not the usual one, that of the most classes."""
        if CLAIMING in self.columns:
            return CLAIMING
        return max(self.columns, key=lambda column: len(self.classes[column]))

    def __len__(self) -> int:
        return len(self.small)


def data_folder(folder: str | os.PathLike[str] | None = None) -> Path:
    """Where the training tables lie: ``folder``, ``$RECOMMENDER_DATA``, or ``shared/data`` beside the checkout.

    Raises
    ------
    DataMissingError
        If the first table is not there.
    """
    given = folder or os.environ.get("RECOMMENDER_DATA")
    path = Path(given) if given else Path(__file__).resolve().parents[2].parent / "shared" / "data"
    if not (path / "fashion_products.parquet").is_file():
        raise DataMissingError(
            f"The training tables are not in {path}: fashion_products.parquet is missing. "
            "Name their folder with --data or the environment variable RECOMMENDER_DATA."
        )
    return path


def canvases(images: pd.Series, size: tuple[int, int], progress: Callable[[int], None] | None = None) -> np.ndarray:
    """Image structs to (n, h, w, 3) uint8 on the white canvas."""
    out = np.empty((len(images), *size, 3), np.uint8)
    for i, image in enumerate(images):
        with Image.open(io.BytesIO(image["bytes"])) as picture:
            out[i] = letterbox(picture.convert("RGB"), size)
        if progress and i % 1000 == 0:
            progress(i)
    return out


def load_pool(folder: Path, size: tuple[int, int], share: float, limit: int | None = None, ties: str = TIES[0]) -> Pool:
    """Read the three tables, group duplicates by ``ties`` and set ``share`` of the groups aside.

    ``limit`` keeps the first rows of each table, for tests.
    """
    shop = pd.read_parquet(folder / "fashion_products.parquet").head(limit or 10**9)
    shop["productDisplayName"] = shop["productDisplayName"].fillna("").astype(str)
    phone = pd.read_parquet(folder / "clothing_photos.parquet").head(limit or 10**9)
    larger = pd.read_parquet(folder / "fashion_products_224.parquet")
    larger = larger[larger["id"].isin(shop["id"])]
    small = np.concatenate([canvases(shop["image"], size), canvases(phone["image"], size)])
    row_of = {key: row for row, key in enumerate(shop["id"])}
    sharp_of = np.full(len(small), -1)
    sharp_of[[row_of[key] for key in larger["id"]]] = np.arange(len(larger))
    labels, classes = _labels(shop, phone)
    ids = np.concatenate([shop["id"].astype(str), "photo-" + phone["id"].astype(str)])
    alike = small if size == CANVAS else np.concatenate([canvases(one["image"], CANVAS) for one in (shop, phone)])
    shop_groups = duplicate_groups(alike[: len(shop)], list(shop["productDisplayName"]), ties)
    phone_groups = duplicate_groups(alike[len(shop) :], ties=ties) + len(shop)
    groups = np.concatenate([shop_groups, phone_groups])
    return Pool(
        ids=ids,
        small=small,
        sharp=canvases(larger["image"], size),
        sharp_of=sharp_of,
        labels=labels,
        classes=classes,
        photo=np.arange(len(small)) >= len(shop),
        groups=groups,
        validation=validation_mask(groups, list(ids), share),
        titles=[*shop["productDisplayName"], *[""] * len(phone)],
        auxiliary=("garment",),
        digests=digests(alike),
    )


def _labels(shop: pd.DataFrame, phone: pd.DataFrame) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """Numbers and class names of every label column, over both tables."""
    shop = shop.assign(
        pattern=shop["productDisplayName"].map(pattern_from_title),
        garment=shop["articleType"].map(GARMENT_OF_TYPE),
        kind="product",
    )
    words = pd.DataFrame([PHOTO_CLASSES[label] for label in phone["label"]], columns=list(LABEL_COLUMNS[:3]))
    words = words.assign(garment=list(phone["label"]), kind="product")
    both = pd.concat([shop, words], ignore_index=True)
    known: dict[str, list[str]] = {"pattern": list(PATTERNS), "kind": list(KINDS)}
    labels, classes = {}, {}
    for column in (*LABEL_COLUMNS, "garment", "kind"):
        # Sorted by name, so that the order does not depend on the order of rows.
        names = known.get(column) or sorted(both[column].dropna().unique())
        number = {name: i for i, name in enumerate(names)}
        labels[column] = both[column].map(number).fillna(-1).to_numpy(np.int64, copy=True)
        classes[column] = list(names)
    return labels, classes
