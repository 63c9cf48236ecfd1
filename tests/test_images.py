"""Photos from anywhere become upright RGB of a bounded size, or one sentence about what is wrong."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from recommender.errors import ImageError
from recommender.images import EXTENSIONS, Photo, letterbox, open_photo, picture_bytes
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
    png_claiming,
    upload,
)

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # pytest forgets the filter that is set at import
LOSSY = 40  # how far a colour may be off after lossy compression at reduced colour resolution


def assert_is_the_picture(picture: Image.Image, tolerance: int = LOSSY) -> None:
    assert picture.mode == "RGB"
    difference = np.abs(np.subtract(corner_colours(picture), CORNERS))
    assert difference.max() <= tolerance, corner_colours(picture)


def message(source: object, limits: Settings | None = None) -> str:
    """The text of the ImageError that a source gives: one line, one sentence."""
    with pytest.raises(ImageError) as caught:
        open_photo(source, limits)  # type: ignore[arg-type]
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert "Error" not in text
    assert caught.value.__cause__ is None
    return text


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


def test_colour_profile_becomes_srgb() -> None:
    """A wide-gamut profile: the same numbers stand for stronger colours."""
    profile = io.BytesIO()
    profile.write(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data = bytearray(profile.getvalue())
    name = data.find("sRGB built-in".encode("utf-16-be"))
    if name >= 0:
        data[name : name + 8] = "Other"[:4].encode("utf-16-be")
    red, green = data.find(b"rXYZ"), data.find(b"gXYZ")
    # Red and green primaries change places, so that a picture in this profile shows red for green.
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    colours = corner_colours(open_photo(encode(make_picture(), "PNG", icc_profile=bytes(data))).picture)
    assert colours[0][1] > 180
    assert colours[0][0] < 80


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
    for bad in (pixels[None], pixels[..., :2], pixels.astype(float), pixels[:0], np.zeros(5, np.uint8)):
        assert "uint8 of shape (height, width)" in message(bad)


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


def test_a_truncated_picture_object_is_refused() -> None:
    lazy = Image.open(io.BytesIO(photo_bytes(size=(900, 700))[:2000]))
    assert "damaged or incomplete" in message(lazy)


def test_many_threads_at_once() -> None:
    files = [photo_bytes(kind, (900, 700)) for kind in FORMATS] + [b"text", photo_bytes()[:300]]

    def outcome(data: bytes) -> object:
        try:
            return open_photo(data).picture.tobytes()
        except ImageError as error:
            return str(error)

    alone = [outcome(data) for data in files]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(outcome, files * 6)) == alone * 6


# ---------------------------------------------------------------- what is refused, and how

DOCUMENTS = [
    (b"", "empty"),
    (b"Hello, this is a text.\n" * 200, "a text file"),
    ("Grüße, schöne Füße, 衣服\n".encode() * 300, "a text file"),
    (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
    (b"\xef\xbb\xbf <svg width='5'></svg>", "an SVG drawing"),
    (b"<!DOCTYPE html><html></html>", "a web page"),
    (b"%PDF-1.7\n...", "a PDF document"),
    (b"PK\x03\x04 more", "a ZIP archive"),
    (b"\0\0\0\x18ftypmp42\0\0\0\0", "a video"),
    (bytes(range(256)) * 4, "not a picture"),
    (b"\x80\x81\x82" * 999, "not a picture"),
    (b"\xff", "not a picture"),
]


@pytest.mark.parametrize(("data", "expected"), DOCUMENTS)
def test_what_is_no_picture(data: bytes, expected: str) -> None:
    text = message(upload(data, "holiday.jpg"))
    assert text.startswith("'holiday.jpg' is ")
    assert expected in text
    assert message(data).startswith("The photo is ")


@pytest.mark.parametrize("kind", ["PPM", "ICO", "TGA", "SGI", "PCX", "EPS", "PDF", "JPEG2000", "DDS", "ICNS"])
def test_formats_that_are_not_allowed_are_never_tried(kind: str) -> None:
    assert "choose a photo in JPEG, PNG, WebP or HEIC" in message(photo_bytes(kind, (64, 64)))


@pytest.mark.parametrize("kind", FORMATS)
def test_cut_off_files_are_refused(kind: str) -> None:
    data = photo_bytes(kind, (200, 150))
    for share in (0.3, 0.6, 0.9):
        assert "damaged or incomplete" in message(upload(data[: int(len(data) * share)], "cut.jpg"))


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "AVIF"])
def test_one_pixel(kind: str) -> None:
    assert "only 1x1 pixels" in message(photo_bytes(kind, (1, 1)))


def test_one_pixel_in_memory() -> None:
    assert "only 1x1 pixels" in message(np.zeros((1, 1), np.uint8))
    assert "only 7x300 pixels" in message(make_picture(7, 300))


@pytest.mark.parametrize("size", [(20_000, 20_000), (9_000, 9_000), (2**31 - 1, 2**31 - 1), (2**31 - 1, 8)])
def test_decompression_bombs_are_refused_from_the_header(size: tuple[int, int]) -> None:
    assert "million pixels" in message(upload(png_claiming(*size), "bomb.png"))


def test_the_limit_of_pixels_is_twice_as_high_for_jpeg() -> None:
    limits = Settings(max_pixels=10_000)
    assert open_photo(photo_bytes(size=(100, 100)), limits).original_size == (100, 100)
    assert "0.01 million pixels" in message(photo_bytes(size=(101, 100)), limits)
    assert "0.005 million pixels" in message(photo_bytes("PNG", (100, 100)), limits)
    assert "million pixels" in message(make_picture(101, 100), limits)


def test_too_many_bytes(tmp_path: Path) -> None:
    data = photo_bytes("BMP", (600, 600))
    path = tmp_path / "huge.bmp"
    path.write_bytes(data)
    limits = Settings(max_bytes=2**20)
    for source in (path, upload(data, "huge.bmp")):
        assert message(source, limits).startswith("'huge.bmp' has more than the 1 MB")
    assert "1 MB" in message(data, limits)
    assert "1 MB" in message(memoryview(data), limits)
    with path.open("rb") as file:
        assert "1 MB" in message(file, limits)


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    folder = tmp_path / "shoes"
    folder.mkdir()
    assert message(folder) == "'shoes' is a folder; give the photos in it one by one."
    assert message(tmp_path / "gone.jpg").startswith("There is no file 'gone.jpg'")
    assert "gone.jpg" in message(tmp_path / "nowhere" / "gone.jpg")
    assert str(tmp_path) not in message(tmp_path / "gone.jpg")
    assert "can't be read" in message("a\0b.jpg")
    assert "can't be read" in message("x" * 5000)
    assert "folder" in message("")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        assert "not an ordinary file" in message(tmp_path / "pipe.jpg")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "private.jpg"
    path.write_bytes(photo_bytes())

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert message(path).startswith("'private.jpg' may not be read")


def test_objects_that_give_no_bytes(tmp_path: Path) -> None:
    closed = upload(photo_bytes(), "old.jpg")
    closed.close()
    assert "'old.jpg' can't be read" in message(closed)
    assert "binary mode" in message(io.StringIO("text"))
    for nonsense in (None, 5, [1, 2], object()):
        assert "can't be opened from a" in message(nonsense)


def test_names_can_do_no_harm() -> None:
    text = message(upload(b"", "../../etc/x\n\x1b[31m\udce4" + "y" * 500 + ".jpg"))
    assert "/" not in text.split(" is empty")[0]
    assert "\x1b" not in text
    assert len(text) < 200
    text.encode()


def test_extensions_cover_the_formats() -> None:
    assert {"jpg", "png", "webp", "heic", "gif"} <= set(EXTENSIONS)


# ---------------------------------------------------------------- anything at all


def survives(data: bytes) -> None:
    """A picture within the limits, or an ImageError; nothing else."""
    try:
        photo = open_photo(data, Settings(max_pixels=4_000_000))
    except ImageError:
        return
    assert isinstance(photo, Photo)
    assert photo.picture.mode == "RGB"
    assert 1 <= max(photo.picture.size) <= 640


HEADS = (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8 ", b"GIF89a", b"BM", b"II*\0", b"MM\0+")
HEADS += (b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypmif1", b"\0\0\0\x1cftypavif", b"")
FILES = {kind: photo_bytes(kind) for kind in FORMATS}
FILES |= {f"{kind} of several": animated_bytes(kind) for kind in ("GIF", "WEBP", "PNG")}
FILES |= {"TIFF packed": photo_bytes("TIFF", compression="tiff_lzw"), "JPEG turned": oriented_bytes(6)}
FILES |= {"PNG palette": encode(make_mode("P"), "PNG"), "JPEG CMYK": encode(make_mode("CMYK"), "JPEG")}
ANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ANY
@given(st.sampled_from(HEADS), st.binary(max_size=600))
def test_random_bytes(head: bytes, data: bytes) -> None:
    survives(head + data)


@ANY
@given(st.sampled_from(sorted(FILES)), st.floats(0, 1), st.booleans())
def test_truncations(kind: str, share: float, near_start: bool) -> None:
    data = FILES[kind]
    survives(data[: int(share * (200 if near_start else len(data)))])


@ANY
@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 7), st.booleans()), min_size=1, max_size=6),
)
def test_bit_flips(kind: str, flips: list[tuple[int, int, bool]]) -> None:
    data = bytearray(FILES[kind])
    for place, bit, near_start in flips:
        data[place % min(len(data), 200 if near_start else 10**9)] ^= 1 << bit
    survives(bytes(data))


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
