"""What can't be used as a photo gives one clear sentence, and nothing that is sent gives anything else."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from recommender.errors import ImageError
from recommender.images import Photo, open_photo
from recommender.images.held import _has_several_scans
from recommender.settings import Settings
from tests.factories import (
    FORMATS,
    animated_bytes,
    encode,
    make_mode,
    make_picture,
    oriented_bytes,
    photo_bytes,
    png_claiming,
    upload,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # pytest forgets the filter that is set at import


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
    assert "choose a photo in JPEG, PNG, WebP, HEIC or GIF" in message(photo_bytes(kind, (64, 64)))


@pytest.mark.parametrize("kind", FORMATS)
def test_cut_off_files_are_refused(kind: str) -> None:
    data = photo_bytes(kind, (200, 150))
    for share in (0.3, 0.6, 0.9):
        said = "damaged, or a kind of TIFF" if kind == "TIFF" else "damaged or incomplete"
        assert said in message(upload(data[: int(len(data) * share)], "cut.jpg"))


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != "AVIF"])
def test_one_pixel(kind: str) -> None:
    assert "only 1x1 pixels" in message(photo_bytes(kind, (1, 1)))


def test_one_pixel_in_memory() -> None:
    assert "only 1x1 pixels" in message(np.zeros((1, 1), np.uint8))
    assert "only 7x300 pixels" in message(make_picture(7, 300))


@pytest.mark.parametrize("size", [(20_000, 20_000), (9_000, 9_000), (2**31 - 1, 2**31 - 1), (2**31 - 1, 8)])
def test_decompression_bombs_are_refused_from_the_header(size: tuple[int, int]) -> None:
    assert "million pixels" in message(upload(png_claiming(*size), "bomb.png"))


@pytest.mark.parametrize(
    ("size", "most", "said"),
    [
        ((20_000, 20_000), 10**9, "more than the 178 million pixels"),  # Pillow's own limit
        ((20_000, 20_000), 10**8, "more than the 100 million pixels"),
        ((13_000, 13_000), 123_456_789, "more than the 61.7 million pixels"),
        ((64, 64), 900, "more than the 450 pixels"),
        ((64, 64), 4_000, "more than the 0.002 million pixels"),
    ],
)
def test_the_limit_that_is_named_is_the_one_that_holds(size: tuple[int, int], most: int, said: str) -> None:
    assert said in message(png_claiming(*size), Settings(max_pixels=most))


def test_a_limit_above_a_thousand_million_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    text = message(png_claiming(60_000, 60_000), Settings(max_pixels=2_469_000_000))
    assert "more than the 1,234 million pixels" in text


def test_the_limit_of_pixels_is_twice_as_high_for_jpeg() -> None:
    limits = Settings(max_pixels=10_000)
    assert open_photo(photo_bytes(size=(100, 100)), limits).original_size == (100, 100)
    assert "0.01 million pixels" in message(photo_bytes(size=(101, 100)), limits)
    assert "0.005 million pixels" in message(photo_bytes("PNG", (100, 100)), limits)
    assert "million pixels" in message(make_picture(101, 100), limits)


def test_progressive_jpegs_may_be_a_quarter_as_large() -> None:
    def progressive(*size: int) -> bytes:
        out = io.BytesIO()
        make_picture(*size).convert("RGB").save(out, "JPEG", progressive=True)
        return out.getvalue()

    limits = Settings(max_pixels=40_000)
    assert open_photo(progressive(100, 100), limits).original_size == (100, 100)
    assert "0.01 million pixels" in message(progressive(101, 100), limits)


def separate_scans(*size: int) -> bytes:
    """A baseline JPEG whose three colours come one after the other, each in a scan of its own."""
    scans, tables = b"", b""
    for number, channel in enumerate(make_picture(*size).convert("YCbCr").split(), 1):
        data, at = encode(channel, "JPEG", quality=90), 2
        while data[at + 1] != 0xDA:
            end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
            if number == 1 and data[at + 1] in (0xDB, 0xC4):
                tables += data[at:end]
            at = end
        scans += b"\xff\xda\x00\x08\x01" + bytes([number, 0]) + b"\x00\x3f\x00" + data[at + 10 : -2]
    sides = size[1].to_bytes(2) + size[0].to_bytes(2)
    colours = b"".join(bytes([number, 0x11, 0]) for number in (1, 2, 3))
    return b"\xff\xd8" + tables + b"\xff\xc0\x00\x11\x08" + sides + b"\x03" + colours + scans + b"\xff\xd9"


@pytest.mark.parametrize("kind", ["WEBP", "LA", "16 bits"])
def test_what_takes_more_memory_on_its_way_may_be_a_quarter_as_large(kind: str) -> None:
    """Pillow decodes a WebP as a film, grey with alpha goes through two modes, and 16 bits are twice eight."""
    limits = Settings(max_pixels=40_000)

    def picture(width: int) -> bytes:
        if kind == "16 bits":
            return deep_png(width, 100)
        image = Image.new("RGB" if kind == "WEBP" else kind, (width, 100))
        return encode(image, "WEBP" if kind == "WEBP" else "PNG")

    assert open_photo(picture(100), limits).picture.size == (100, 100)
    assert "0.01 million pixels" in message(picture(101), limits)
    assert open_photo(encode(Image.new("RGB", (200, 100)), "PNG"), limits).picture.size == (200, 100)


def deep_png(width: int, height: int) -> bytes:
    """A PNG of 16 bits a colour, which Pillow reads and does not write."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    header = width.to_bytes(4) + height.to_bytes(4) + b"\x10\x02\x00\x00\x00"
    rows = zlib.compress((b"\x00" + b"\x80\x00" * 3 * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_jpegs_of_several_scans_may_be_a_quarter_as_large() -> None:
    limits = Settings(max_pixels=40_000)
    photo = open_photo(separate_scans(100, 100), limits)
    assert photo.original_size == (100, 100)
    drawn = np.asarray(make_picture(100, 100), float)
    assert np.abs(np.asarray(photo.picture, float) - drawn).mean() < 4
    assert "0.01 million pixels" in message(separate_scans(101, 100), limits)
    assert open_photo(photo_bytes(size=(200, 200)), limits).original_size == (200, 200)


def test_scans_are_counted_past_what_decoders_skip() -> None:
    limits = Settings(max_pixels=40_000)
    for skipped in (b"\xff" * 1000, b"\0" * 1000, b"\xff\0" * 500):
        data = separate_scans(101, 100)
        frame = data.index(b"\xff\xc0")
        assert _has_several_scans(data[:frame] + skipped + data[frame:])
    filled = data[:frame] + b"\xff" * 1000 + data[frame:]
    assert "0.01 million pixels" in message(filled, limits)
    assert not _has_several_scans(photo_bytes())


def tiled_tiff(side: int) -> bytes:
    """A TIFF of 64x64 grey pixels in one tile of ``side`` pixels, which has room for 64x64 bytes."""
    entries = [(256, 64), (257, 64), (258, 8), (259, 1), (262, 1), (277, 1), (322, side), (323, side), (324, 200)]
    entries.append((325, 64 * 64))
    fields = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    head = b"II*\x00" + struct.pack("<IH", 8, len(entries)) + fields + bytes(4)
    return head.ljust(200, b"\0") + bytes(range(64)) * 64


def test_tiles_larger_than_the_picture_count() -> None:
    assert open_photo(tiled_tiff(64)).original_size == (64, 64)
    assert "million pixels" in message(tiled_tiff(12_288))


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


def test_a_truncated_picture_object_is_refused() -> None:
    lazy = Image.open(io.BytesIO(photo_bytes(size=(900, 700))[:2000]))
    assert "damaged or incomplete" in message(lazy)


def test_arrays_of_another_shape_or_kind() -> None:
    pixels = np.asarray(make_picture())
    for bad in (pixels[None], pixels[..., :2], pixels.astype(float), pixels[:0], np.zeros(5, np.uint8)):
        assert "uint8 of shape (height, width)" in message(bad)


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
