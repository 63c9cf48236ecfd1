"""Photos from anywhere become upright RGB of a bounded size, or one sentence about what is wrong."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from recommender.errors import ImageError
from recommender.images import EXTENSIONS, letterbox, open_photo, picture_bytes
from recommender.settings import Settings
from tests.factories import (
    CORNERS,
    FORMATS,
    MODES,
    animated_bytes,
    corner_colours,
    encode,
    make_mode,
    make_picture,
    oriented_bytes,
    photo_bytes,
    upload,
)

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # pytest forgets the filter that is set at import
LOSSY = 40  # how far a colour may be off after lossy compression at reduced colour resolution


def assert_is_the_picture(picture: Image.Image, tolerance: int = LOSSY) -> None:
    assert picture.mode == "RGB"
    difference = np.abs(np.subtract(corner_colours(picture), CORNERS))
    assert difference.max() <= tolerance, corner_colours(picture)


# ---------------------------------------------------------------- formats, modes, orientation


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format(kind: str) -> None:
    photo = open_photo(photo_bytes(kind))
    assert_is_the_picture(photo.picture)
    assert (photo.original_size, photo.format, photo.name) == ((64, 48), kind, "")


@pytest.mark.parametrize("mode", MODES)
def test_every_mode(mode: str) -> None:
    picture = open_photo(make_mode(mode)).picture
    assert picture.mode == "RGB"
    if mode in ("1", "L", "LA", "La", "I", "F", "I;16"):
        grey = np.asarray(make_picture().convert("L"), int)
        tolerance = 255 if mode == "1" else 2
        assert np.abs(np.asarray(picture.convert("L"), int) - grey).max() <= tolerance
    else:
        assert_is_the_picture(picture)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "I;16"), ("TIFF", "I;16"), ("TIFF", "F"), ("TIFF", "I")])
def test_deep_files_keep_their_brightness(kind: str, mode: str) -> None:
    picture = make_mode(mode, (960, 720))
    photo = open_photo(encode(picture, kind))
    grey = corner_colours(make_picture().convert("L"))
    assert np.abs(np.subtract(corner_colours(photo.picture), grey)).max() <= 2
    assert photo.picture.size == (640, 480)


def test_floats_of_any_range_and_kind() -> None:
    for top in (1.0, 255.0, 65535.0, 1e6):
        values = np.linspace(0, top, 64 * 48, dtype=np.float32).reshape(48, 64)
        values[0, :3] = np.nan, np.inf, -np.inf
        pixels = np.asarray(open_photo(Image.fromarray(values)).picture)
        assert pixels[-1, -1, 0] == 255
        assert (pixels[0, :3] == 0).all()
    assert not np.asarray(open_photo(Image.new("F", (20, 20), -3.0)).picture).any()


def test_cmyk_jpeg_has_its_colours() -> None:
    data = encode(make_mode("CMYK"), "JPEG", quality=95)
    assert b"Adobe" in data
    assert_is_the_picture(open_photo(data).picture)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_alpha_lies_on_white(kind: str) -> None:
    picture = make_picture().convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 32, 24))
    options = {"lossless": True} if kind == "WEBP" else {}
    colours = corner_colours(open_photo(encode(picture, kind, **options)).picture)
    assert min(colours[0]) >= 250
    assert np.abs(np.subtract(colours[1:], CORNERS[1:])).max() <= LOSSY


@pytest.mark.parametrize("mode", ["P", "RGB", "L", "1"])
def test_a_transparent_colour_lies_on_white(mode: str) -> None:
    picture = Image.new("RGB", (40, 40), (0, 0, 0)).convert(mode)
    key: object = (0, 0, 0) if mode == "RGB" else picture.getpixel((0, 0))
    photo = open_photo(encode(picture, "PNG", transparency=key))
    assert photo.picture.getpixel((5, 5)) == (255, 255, 255)


def test_a_transparent_grey_of_16_bits_lies_on_white() -> None:
    values = np.full((40, 40), 1000, np.uint16)
    values[20:] = 65535 // 2
    photo = open_photo(encode(Image.fromarray(values), "PNG", transparency=1000)).picture
    assert photo.getpixel((5, 5)) == (255, 255, 255)
    assert photo.getpixel((5, 35))[0] == pytest.approx(128, abs=2)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_orientations(kind: str, orientation: int) -> None:
    photo = open_photo(oriented_bytes(orientation, kind))
    assert photo.original_size == photo.picture.size == (64, 48)
    assert_is_the_picture(photo.picture)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_of_a_photo_that_is_reduced(orientation: int) -> None:
    photo = open_photo(oriented_bytes(orientation, size=(1500, 1000)))
    assert photo.original_size == (1500, 1000)
    assert photo.picture.width <= 640
    assert photo.picture.width > photo.picture.height
    assert_is_the_picture(photo.picture)


@pytest.mark.parametrize("value", [0, 9, 255, 65535])
def test_an_orientation_that_does_not_exist_is_ignored(value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert_is_the_picture(open_photo(photo_bytes(exif=exif)).picture)


def test_damaged_metadata_does_not_cost_the_picture() -> None:
    data = photo_bytes(exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12\0\x03")
    assert_is_the_picture(open_photo(data).picture)
    assert_is_the_picture(open_photo(photo_bytes(icc_profile=b"no profile at all")).picture)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "HEIF", "AVIF"])
def test_first_frame_of_several(kind: str) -> None:
    assert_is_the_picture(open_photo(animated_bytes(kind)).picture)


def test_later_frames_are_not_decoded() -> None:
    whole = animated_bytes("GIF", frames=9)
    half = whole[: len(photo_bytes("GIF")) + 40]
    assert_is_the_picture(open_photo(half).picture)


def test_jpeg_of_several_pictures_is_a_jpeg() -> None:
    data = encode(make_picture(), "MPO", save_all=True, append_images=[make_picture(32, 32)])
    assert open_photo(data).format == "JPEG"


def other_profile() -> bytes:
    """A profile whose red and green primaries are those of sRGB changed places."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data = data.replace("sRGB".encode("utf-16-be"), "Mine".encode("utf-16-be"))
    red, green = data.find(b"rXYZ"), data.find(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_colour_profile_becomes_srgb(kind: str) -> None:
    colours = corner_colours(open_photo(photo_bytes(kind, icc_profile=other_profile())).picture)
    expected = [(green, red, blue) for red, green, blue in CORNERS]
    assert np.abs(np.subtract(colours, expected)).max() <= LOSSY


# ---------------------------------------------------------------- sizes


def test_large_jpeg_is_decoded_at_reduced_scale() -> None:
    photo = open_photo(photo_bytes(size=(4000, 3000)))
    assert photo.original_size == (4000, 3000)
    assert photo.picture.size == (500, 375)
    assert_is_the_picture(photo.picture)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "HEIF"])
def test_other_large_files_are_reduced(kind: str) -> None:
    photo = open_photo(photo_bytes(kind, (500, 800)))
    assert (photo.picture.size, photo.original_size) == ((400, 640), (500, 800))


def test_small_pictures_stay_as_they_are() -> None:
    assert open_photo(photo_bytes("PNG", (600, 450))).picture.tobytes() == make_picture(600, 450).tobytes()


@pytest.mark.parametrize("size", [(20_000, 9), (9, 20_000), (65_000, 8)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "array"])
def test_very_long_pictures(size: tuple[int, int], kind: str) -> None:
    picture = make_picture(*size)
    photo = open_photo(np.asarray(picture) if kind == "array" else encode(picture, kind))
    assert max(photo.picture.size) <= 640
    assert photo.original_size == size
    assert letterbox(photo.picture, (128, 96)).shape == (128, 96, 3)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(MODES),
    st.integers(8, 900),
    st.integers(8, 900),
    st.integers(16, 200),
    st.sampled_from(["", "JPEG", "PNG", "TIFF", "WEBP"]),
)
def test_any_mode_and_size(mode: str, width: int, height: int, side: int, kind: str) -> None:
    picture = make_mode(mode, (width, height))
    source: Image.Image | bytes = picture
    if kind:
        try:
            source = encode(picture, kind)
        except (OSError, KeyError, ValueError):  # not every format holds every mode
            source = picture
    photo = open_photo(source, Settings(decode_side=side))
    assert photo.picture.mode == "RGB"
    assert max(photo.picture.size) <= side or photo.picture.size == (width, height)
    assert max(photo.picture.size) >= min(0.7 * side, max(width, height))
    assert photo.original_size == (width, height)
    assert photo.picture.info == {}


def test_picture_bytes_is_a_small_jpeg() -> None:
    preview = open_photo(picture_bytes(make_picture(1000, 500), side=200))
    assert (preview.format, preview.picture.size) == ("JPEG", (200, 100))
    assert open_photo(picture_bytes(make_picture(30, 20))).picture.size == (30, 20)
    assert open_photo(picture_bytes(make_mode("RGBA"))).format == "JPEG"


def test_place_and_time_do_not_stay_with_the_picture() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    photo = open_photo(photo_bytes(exif=exif))
    assert photo.picture.info == {}
    assert b"SecretCamera" not in encode(photo.picture, "PNG") + picture_bytes(photo.picture)


# ---------------------------------------------------------------- sources


def test_every_kind_of_source(tmp_path: Path) -> None:
    data = photo_bytes()
    path = tmp_path / "Füße 1.jpg"
    path.write_bytes(data)
    handle = upload(data)
    handle.seek(100)  # it is read from its start all the same, and more than once
    sources = [path, str(path), data, bytearray(data), memoryview(data), handle, handle, make_picture()]
    for source in sources:
        assert_is_the_picture(open_photo(source).picture)
    with path.open("rb") as file:
        assert open_photo(file).name == path.name
    assert open_photo(path).name == path.name
    assert open_photo(upload(data, "C:\\Users\\me\\a\nb.jpg")).name == "ab.jpg"


def test_arrays() -> None:
    pixels = np.asarray(make_picture())
    for array in (pixels, np.asfortranarray(pixels), np.dstack([pixels, np.full((48, 64), 255, np.uint8)])):
        assert_is_the_picture(open_photo(array).picture, tolerance=0)
    assert open_photo(pixels[::-1, ::2]).original_size == (32, 48)
    assert open_photo(pixels[..., 0]).picture.getpixel((0, 0)) == (220, 220, 220)


def test_what_is_given_is_not_changed() -> None:
    picture = make_picture(1000, 800)
    before = picture.tobytes()
    small = make_picture()
    photo = open_photo(small)
    photo.picture.putpixel((0, 0), (1, 2, 3))
    open_photo(picture)
    assert picture.tobytes() == before
    assert small.getpixel((0, 0)) == CORNERS[0]
    lazy = Image.open(io.BytesIO(oriented_bytes(6, size=(2000, 1500))))
    assert open_photo(lazy).original_size == (2000, 1500)
    assert lazy.size == (1500, 2000)


def test_many_threads_at_once() -> None:
    files = [photo_bytes(kind, (900, 700)) for kind in FORMATS] + [b"text", photo_bytes()[:300]]
    files += [photo_bytes("PNG", icc_profile=other_profile()), photo_bytes(icc_profile=other_profile())]

    def outcome(data: bytes) -> object:
        try:
            return open_photo(data).picture.tobytes()
        except ImageError as error:
            return str(error)

    alone = [outcome(data) for data in files]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(outcome, files * 6)) == alone * 6


def test_extensions_cover_the_formats() -> None:
    assert {"jpg", "png", "webp", "heic", "gif"} <= set(EXTENSIONS)


def test_no_warning_reaches_the_person() -> None:
    """A large picture, a malformed one and odd metadata, with warnings made errors before the import."""
    code = """
import sys
from tests.factories import *
from recommender.images import open_photo
from recommender.settings import Settings
everything = Settings(max_pixels=10**9)
data = photo_bytes(exif=b"Exif\\0\\0MM\\0*\\0\\0\\0\\x08\\0\\x05\\x01\\x0f\\0\\x02\\0\\0\\x10\\0\\0\\0\\0\\x10")
open_photo(data)
open_photo(encode(make_mode("P"), "PNG", transparency=b"\\0\\x80"))
open_photo(encode(Image.new("L", (9600, 9600)), "PNG", compress_level=1), everything)
"""
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
