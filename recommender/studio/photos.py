"""Sample photos as a phone would take them: products on floors and tables, in uneven light.

They are modelled by the same builders as the catalogue but from another seed, so
none equals a catalogue picture. ``python -m recommender.studio.photos`` writes them.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix
from PIL import Image, ImageFilter

from recommender.studio import articles as families
from recommender.studio import palette, props
from recommender.studio.describe import designs
from recommender.studio.design import Design
from recommender.studio.render import write_atomically
from recommender.studio.scene import Studio

PHOTO_SEED = 90210


@dataclass(frozen=True)
class Photo:
    """One sample photo: what is on it, how it is set up and how the phone spoils it.

    ``number`` picks the design among those of its article; ``colour`` and ``pattern``
    replace the design's. ``noise`` is in grey levels, ``size`` in pixels.
    """

    name: str
    title: str
    shows: str | None
    stage: Callable[[Studio, list[Design]], None]
    wants: tuple[dict, ...] = ()
    size: tuple[int, int] = (480, 640)
    noise: float = 3.0
    quality: int = 82
    orientation: int = 1


def design_of(
    article: str, number: int = 0, colour: str | None = None, pattern: str | None = None, gender: str | None = None
) -> Design:
    """A design that the catalogue does not hold, with a wanted colour word, pattern or gender."""
    design = designs(number + 1, PHOTO_SEED, [article])[number].design
    rng = np.random.default_rng([design.seed, 9])
    if colour:
        value = palette.shade(colour, rng)
        word, accent = palette.accent(colour, value, rng)
        design = replace(design, baseColour=colour, colour=value, accent=accent, accentColour=word)
    return replace(design, pattern=pattern or design.pattern, gender=gender or design.gender)


def build(studio: Studio, design: Design) -> list[bpy.types.Object]:
    """Model a design in the scene and return its parts."""
    studio.take_up(design)
    before = len(studio.objects)
    families.load()[design.articleType].build(design, studio)
    bpy.context.view_layer.update()
    return studio.objects[before:]


def bounds(parts: list[bpy.types.Object]) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest corner (m) of parts in the world, modifiers applied."""
    graph = bpy.context.evaluated_depsgraph_get()
    corners = []
    for part in parts:
        ready = part.evaluated_get(graph)
        box = np.array([tuple(c) for c in ready.bound_box])
        world = np.array(ready.matrix_world)
        corners.append(box @ world[:3, :3].T + world[:3, 3])
    every = np.concatenate(corners)
    return every.min(0), every.max(0)


def put(
    parts: list[bpy.types.Object],
    flat: bool = False,
    turn: float = 0.0,
    at: tuple[float, float] = (0.0, 0.0),
    squash: float = 1.0,
    lift: float = 0.0,
) -> None:
    """Set parts down on the floor around ``at`` (m).

    ``flat`` lays the front upwards (top away from the camera), ``squash`` then scales
    the thickness, ``turn`` (degrees) turns them on the floor.
    """
    move = Matrix.Identity(4)
    if flat:
        move = Matrix.Diagonal((1, 1, squash, 1)) @ Matrix.Rotation(-np.pi / 2, 4, "X")
    _apply(parts, Matrix.Rotation(np.radians(turn), 4, "Z") @ move)
    low, high = bounds(parts)
    middle = (low + high) / 2
    _apply(parts, Matrix.Translation((at[0] - middle[0], at[1] - middle[1], lift - low[2])))


def _apply(parts: list[bpy.types.Object], move: Matrix) -> None:
    """Move parts that hang on no other part."""
    for part in parts:
        if part.parent is None or part.parent not in parts:
            part.matrix_world = move @ part.matrix_world
    bpy.context.view_layer.update()


def shirt_on_planks(studio: Studio, wanted: list[Design]) -> None:
    """A shirt spread out on floor boards by a window."""
    put(build(studio, wanted[0]), flat=True, turn=7, squash=0.45)
    studio.setting("planks", "day", exposure=1.35)
    studio.view(azimuth=4, elevation=78, fill=0.84, lens=28, tilt=3)


def shoe_on_carpet(studio: Studio, wanted: list[Design]) -> None:
    """A pair on a carpet, one behind the other."""
    put(build(studio, wanted[0]), turn=18, at=(0, -0.07))
    put(build(studio, wanted[0]), turn=4, at=(0.03, 0.10))
    studio.setting("carpet", "warm", exposure=1.5, colour="#8f8a86")
    studio.view(azimuth=8, elevation=34, fill=0.72, lens=28, tilt=-4)


def bag_on_cloth(studio: Studio, wanted: list[Design]) -> None:
    """A bag standing on a blanket before a wall."""
    put(build(studio, wanted[0]), turn=-14)
    studio.setting("cloth", "day", exposure=1.5, colour="#6f8088", wall=0.75, wall_colour="#d8d0c2")
    studio.view(azimuth=-6, elevation=16, fill=0.66, lens=30, tilt=2)


def watch_on_table(studio: Studio, wanted: list[Design]) -> None:
    """A watch lying on a wooden table, its face to the camera, close up."""
    put(build(studio, wanted[0]), flat=True, turn=-13)
    studio.setting("table", "day", exposure=1.4, colour="#b98a5c", size=3.0)
    studio.blur = 14
    studio.view(azimuth=6, elevation=66, fill=0.60, lens=34, tilt=2)


def glasses_on_table(studio: Studio, wanted: list[Design]) -> None:
    """Sunglasses seen from the front on one stone tile, in cool light."""
    put(build(studio, wanted[0]), turn=26, at=(0.13, 0.12))
    studio.setting("tiles", "cold", exposure=1.35, wall=1.2, wall_colour="#cfd2d2")
    studio.blur = 11
    studio.view(azimuth=-4, elevation=14, fill=0.64, lens=40, tilt=-3)


def tee_on_bed(studio: Studio, wanted: list[Design]) -> None:
    """A T-shirt on a bed under a lamp, held a little askew."""
    put(build(studio, wanted[0]), flat=True, turn=-11, squash=0.22, lift=-0.03)
    studio.setting("bed", "warm", exposure=1.4)
    studio.view(azimuth=-10, elevation=72, fill=0.80, lens=28, tilt=-6)


def two_on_floor(studio: Studio, wanted: list[Design]) -> None:
    """A bag and a shoe next to each other."""
    put(build(studio, wanted[0]), turn=12, at=(-0.20, 0.06))
    put(build(studio, wanted[1]), turn=-20, at=(0.19, -0.06))
    studio.setting("planks", "cold", exposure=1.25, colour="#a38d74", wall=0.55, wall_colour="#d5d3cc")
    studio.view(azimuth=3, elevation=24, fill=0.84, lens=28, tilt=2)


def heel_on_tiles(studio: Studio, wanted: list[Design]) -> None:
    """One shoe at arm's length, the background out of focus."""
    put(build(studio, wanted[0]), turn=-12)
    studio.setting("planks", "dusk", exposure=1.5, wall=0.9)
    studio.blur = 1.4
    studio.view(azimuth=-10, elevation=20, fill=0.62, lens=34, tilt=5)


def backpack_by_wall(studio: Studio, wanted: list[Design]) -> None:
    """A backpack on the floor by the wall, photographed upright and stored sideways."""
    put(build(studio, wanted[0]), turn=16)
    studio.setting("carpet", "day", exposure=1.5, colour="#5d6b78", wall=0.55, wall_colour="#b9c2bd")
    studio.view(azimuth=-5, elevation=22, fill=0.70, lens=28, tilt=-3)


def bare_table(studio: Studio, wanted: list[Design]) -> None:
    """Nothing to sell: a plant in a pot on a table."""
    props.potted_plant(studio)
    studio.setting("table", "day", exposure=1.35, colour="#a87a4f", size=3.0, wall=0.8, wall_colour="#c9c6bf")
    studio.view(azimuth=10, elevation=17, fill=0.60, lens=30, tilt=3, shift=(0.12, 0.0))


def wallet_by_mug(studio: Studio, wanted: list[Design]) -> None:
    """A wallet set up on a table before a mug that is not for sale."""
    put(props.mug(studio, "#4f6f86"), turn=-35, at=(0.085, 0.075))
    put(build(studio, wanted[0]), turn=-10, at=(-0.02, -0.02))
    studio.setting("table", "day", exposure=1.5, colour="#c2a27c", size=3.0, wall=0.9, wall_colour="#d5cfc4")
    studio.view(azimuth=-5, elevation=24, fill=0.8, lens=30, tilt=-4)


def bag_on_chair(studio: Studio, wanted: list[Design]) -> None:
    """A bag on a kitchen chair by the wall."""
    put(props.chair(studio), turn=-24)
    put(build(studio, wanted[0]), turn=-20, at=(0.0, -0.03), lift=0.45)
    studio.setting("planks", "day", exposure=1.45, colour="#9b8468", wall=0.62, wall_colour="#bfc9c4")
    studio.view(azimuth=-4, elevation=17, fill=0.86, lens=30, tilt=3)


def pockets_emptied(studio: Studio, wanted: list[Design]) -> None:
    """Sunglasses, a watch and a wallet on a blanket, from above."""
    put(build(studio, wanted[0]), turn=14, at=(-0.07, 0.09))
    put(build(studio, wanted[1]), flat=True, turn=-24, at=(0.10, 0.02))
    put(build(studio, wanted[2]), flat=True, turn=9, at=(-0.06, -0.07))
    studio.setting("cloth", "cold", exposure=1.6, colour="#7d7468")
    studio.view(azimuth=5, elevation=56, fill=0.95, lens=30, tilt=5)


def empty_chair(studio: Studio, wanted: list[Design]) -> None:
    """Nothing to sell: a kitchen chair in an empty room."""
    put(props.chair(studio), turn=-35)
    studio.setting("planks", "day", exposure=1.45, colour="#9b8468", wall=0.7, wall_colour="#bfc9c4")
    studio.view(azimuth=-4, elevation=14, fill=0.7, lens=28, tilt=-4)


def bottle_on_tiles(studio: Studio, wanted: list[Design]) -> None:
    """A bottle on the floor of a kitchen, close up."""
    put(build(studio, wanted[0]), turn=20)
    studio.setting("tiles", "day", exposure=1.4, wall=0.9, wall_colour="#d9d3c6")
    studio.blur = 4
    studio.view(azimuth=9, elevation=15, fill=0.66, lens=32, tilt=-5)


PHOTOS: tuple[Photo, ...] = (
    Photo(
        "shirt-on-planks",
        "A shirt on wooden boards, daylight",
        "Shirts",
        shirt_on_planks,
        ({"article": "Shirts", "number": 1, "colour": "Blue", "pattern": "plaid", "gender": "Men"},),
    ),
    Photo(
        "shoes-on-carpet",
        "A pair of trainers on a carpet, lamp light",
        "Sports Shoes",
        shoe_on_carpet,
        ({"article": "Sports Shoes", "number": 2, "colour": "Red"},),
        size=(640, 480),
        noise=4.5,
        quality=78,
    ),
    Photo(
        "bag-on-blanket",
        "A handbag on a blanket",
        "Handbags",
        bag_on_cloth,
        ({"article": "Handbags", "number": 1, "colour": "Brown"},),
    ),
    Photo(
        "watch-on-table",
        "A watch on a wooden table, close up",
        "Watches",
        watch_on_table,
        ({"article": "Watches", "number": 9, "colour": "Brown"},),
        noise=4.0,
    ),
    Photo(
        "sunglasses-on-tiles",
        "Sunglasses on stone tiles, cool light",
        "Sunglasses",
        glasses_on_table,
        ({"article": "Sunglasses", "number": 9, "colour": "Black"},),
        size=(640, 480),
    ),
    Photo(
        "tee-on-bed",
        "A printed T-shirt on a bed, warm light, held askew",
        "Tshirts",
        tee_on_bed,
        ({"article": "Tshirts", "number": 6, "colour": "Green", "pattern": "graphic", "gender": "Men"},),
        noise=5.0,
        quality=76,
    ),
    Photo(
        "bag-and-shoe",
        "A bag and a shoe in one picture",
        "Handbags",
        two_on_floor,
        (
            {"article": "Handbags", "number": 4, "colour": "Red"},
            {"article": "Casual Shoes", "number": 3, "colour": "White"},
        ),
        size=(640, 480),
    ),
    Photo(
        "heel-on-boards",
        "A heel before a blurred room",
        "Heels",
        heel_on_tiles,
        ({"article": "Heels", "number": 2, "colour": "Black"},),
        noise=3.5,
    ),
    Photo(
        "backpack-sideways",
        "A backpack by the wall; stored sideways with an EXIF orientation",
        "Backpacks",
        backpack_by_wall,
        ({"article": "Backpacks", "number": 1},),
        orientation=6,
    ),
    Photo(
        "wallet-by-mug",
        "A wallet beside a mug, daylight",
        "Wallets",
        wallet_by_mug,
        ({"article": "Wallets", "number": 3, "colour": "Black", "gender": "Men"},),
        size=(640, 480),
        noise=4.5,
        quality=78,
    ),
    Photo(
        "bag-on-chair",
        "A handbag on a kitchen chair",
        "Handbags",
        bag_on_chair,
        ({"article": "Handbags", "number": 6, "colour": "Green"},),
        noise=3.5,
    ),
    Photo(
        "glasses-watch-wallet",
        "Three things in one picture: sunglasses, a watch, a wallet",
        "Sunglasses",
        pockets_emptied,
        (
            {"article": "Sunglasses", "number": 3, "colour": "Black"},
            {"article": "Watches", "number": 4, "colour": "Black"},
            {"article": "Wallets", "number": 5, "colour": "Brown", "gender": "Men"},
        ),
        size=(640, 480),
        noise=4.0,
    ),
    Photo(
        "bottle-on-tiles",
        "A sports bottle on a kitchen floor",
        "Water Bottle",
        bottle_on_tiles,
        ({"article": "Water Bottle", "number": 2, "colour": "Blue"},),
        quality=80,
    ),
    Photo("plant-on-table", "A plant on a table: nothing that the shop sells", None, bare_table),
    Photo("empty-chair", "An empty chair: nothing that the shop sells", None, empty_chair),
)


def phone(image: Image.Image, noise: float, rng: np.random.Generator) -> Image.Image:
    """What a small camera does to a picture: darker corners, soft detail, grain that sharpening brings out."""
    w, h = image.size
    data = np.asarray(image.filter(ImageFilter.GaussianBlur(0.5)), dtype=np.float32)
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
    data *= (1 - 0.16 * (x**2 + y**2) / 2)[..., None]
    grain = rng.normal(0, 1, (h, w, 1)) + 0.6 * rng.normal(0, 1, (h, w, 3))
    coarse = rng.normal(0, 1, (h // 3 + 1, w // 3 + 1, 3)).repeat(3, 0).repeat(3, 1)[:h, :w]
    data += noise * (0.65 * grain + 0.45 * coarse) * (1.25 - data.mean(2, keepdims=True) / 255)
    out = Image.fromarray(np.clip(data, 0, 255).astype(np.uint8))
    return out.filter(ImageFilter.UnsharpMask(1.2, 60, 2))


def take(photo: Photo, samples: int = 48, threads: int = 1) -> bytes:
    """JPEG bytes of one sample photo."""
    wanted = [design_of(**w) for w in photo.wants] or [design_of("Tshirts")]
    studio = Studio(wanted[0])
    photo.stage(studio, wanted)
    image = studio.render(None, *photo.size, samples=samples, threads=threads)
    image = phone(image, photo.noise, np.random.default_rng([PHOTO_SEED, len(photo.name)]))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Norlund", "Pocket 2"
    exif[0x0112] = photo.orientation
    if photo.orientation == 6:  # stored turned left; a viewer turns it right again
        image = image.transpose(Image.Transpose.ROTATE_90)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=photo.quality, exif=exif)
    return out.getvalue()


def write_photos(folder: str | Path, samples: int = 48, only: tuple[str, ...] = (), threads: int = 1) -> list[Path]:
    """Take all sample photos (or ``only`` some) into ``folder`` and write the index ``samples.json``."""
    families.load()
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for photo in PHOTOS:
        if only and photo.name not in only:
            continue
        made.append(folder / f"{photo.name}.jpg")
        write_atomically(made[-1], take(photo, samples, threads))
        print(made[-1].name, file=sys.stderr, flush=True)
    index = [
        {"file": f"{p.name}.jpg", "title": p.title, "shows": p.shows}
        for p in PHOTOS
        if (folder / f"{p.name}.jpg").exists()
    ]
    write_atomically(folder / "samples.json", (json.dumps(index, indent=2) + "\n").encode())
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m recommender.studio.photos", description=__doc__)
    parser.add_argument("--out", default="assets/samples")
    parser.add_argument("--samples", type=int, default=48)
    parser.add_argument("--only", action="append", default=[], help="name of a photo; may be repeated")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    write_photos(options.out, options.samples, tuple(options.only), options.threads)
    return 0


if __name__ == "__main__":
    sys.exit(main())
