"""From whatever holds a photo (a path, bytes, an upload) to its bytes, within the size limit."""

from __future__ import annotations

import codecs
import ntpath
import os
import stat
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from PIL import Image

from recommender.errors import ImageError

Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO | Image.Image | np.ndarray

#: What a file chooser may offer.
EXTENSIONS = ("jpg", "jpeg", "jfif", "png", "webp", "heic", "heif", "avif", "gif", "bmp", "tif", "tiff")
USE_INSTEAD = "choose a photo in JPEG, PNG, WebP, HEIC or GIF format"
AGAIN = "save or send the photo again, then retry"

# Beginnings of files that people take for pictures, and what they are.
_OTHER_KINDS = (
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"8BPS", "a Photoshop document"),
    (b"\x1aE\xdf\xa3", "a video"),
)


def file_name(source: Source) -> str:
    """The file's own name, without any folder and without characters that can't be shown; "" if it has none."""
    path = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", "")
    # An upload brings the name that the visitor's system gave it: nothing in it is trusted.
    name = ntpath.basename(os.fspath(path)) if isinstance(path, (str, os.PathLike)) else ""
    return "".join(character for character in str(name) if character.isprintable())[:80]


def called(name: str) -> str:
    """How messages call a photo of that file name."""
    return f"'{name}'" if name else "The photo"


def read_bytes(source: Source, max_bytes: int) -> bytes:
    """The bytes of a path, of a buffer or of a binary file, which is read from its start.

    Raises
    ------
    ImageError
        There is nothing to read, it can't be read, or it is more than ``max_bytes``.
    """
    name = called(file_name(source))
    if isinstance(source, (str, os.PathLike)):
        data = _read_path(Path(source), name, max_bytes)
    elif isinstance(source, (bytes, bytearray, memoryview)):
        _check_bytes(memoryview(source).nbytes, name, max_bytes)
        data = bytes(source)
    elif hasattr(source, "read"):
        data = _read_file(source, name, max_bytes)
    else:
        kind = type(source).__name__
        raise ImageError(f"A photo can't be opened from a {kind}; give a path, bytes, a file, a picture or an array.")
    if not data:
        raise ImageError(f"{name} is empty (0 bytes); {AGAIN}.")
    return data


def describe(data: bytes) -> str:
    """What a file that is no picture seems to be, such as "a text file", or "not a picture that can be read"."""
    for beginning, kind in _OTHER_KINDS:
        if data.startswith(beginning):
            return kind
    if data[4:8] == b"ftyp":
        return "a video, or a picture in a format that can't be read"
    head = data[:2048]
    if b"\0" in head:
        return "not a picture that can be read"
    try:
        # This decoder allows for half a character at the end of the head.
        text = codecs.getincrementaldecoder("utf-8")().decode(head).lstrip("\ufeff \t\r\n").lower()
    except UnicodeDecodeError:
        return "not a picture that can be read"
    if "<svg" in text:
        return "an SVG drawing"
    if text.startswith(("<!doctype html", "<html")):
        return "a web page"
    return "a text file" if _looks_like_text(text) else "not a picture that can be read"


def _looks_like_text(text: str) -> bool:
    readable = sum(character.isprintable() or character.isspace() for character in text)
    return readable >= 0.95 * len(text)


def _check_bytes(size: int, name: str, max_bytes: int) -> None:
    if size > max_bytes:
        raise ImageError(
            f"{name} has more than the {max_bytes / 2**20:.3g} MB that are allowed; send a smaller or "
            "more compressed copy."
        )


def _read_path(path: Path, name: str, max_bytes: int) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ImageError(f"{name} is a folder; give the photos in it one by one.")
        if not stat.S_ISREG(status.st_mode):
            raise ImageError(f"{name} is not an ordinary file; give the path of a photo.")
        _check_bytes(status.st_size, name, max_bytes)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise ImageError(f"There is no file {name}; check its name and folder.") from None
    except PermissionError:
        raise ImageError(f"{name} may not be read by this program; change the file's permissions.") from None
    except (OSError, ValueError):  # ValueError: a null byte in the path
        raise ImageError(f"{name} can't be read; check its name and the disk that it is on.") from None
    _check_bytes(len(data), name, max_bytes)
    return data


def _read_file(file: Any, name: str, max_bytes: int) -> bytes:
    try:
        if getattr(file, "seekable", lambda: False)():
            file.seek(0)
        data = file.read(max_bytes + 1)
    except (OSError, ValueError, EOFError):  # ValueError: the file is closed
        raise ImageError(f"{name} can't be read from; open or upload it again.") from None
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise ImageError(f"{name} does not give bytes; open the file in binary mode ('rb').")
    _check_bytes(len(data), name, max_bytes)
    return bytes(data)
