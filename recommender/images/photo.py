"""Open a photo from anywhere: limits are checked on its header, then it is decoded no larger than needed."""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass, replace

import numpy as np
from PIL import (
    AvifImagePlugin,  # noqa: F401  (with the plugins that are allowed imported, Pillow does not import all)
    ExifTags,
    Image,
    ImageFile,
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)

from recommender.errors import ImageError
from recommender.images.colour import resizable, to_rgb
from recommender.images.held import held_whole, tile_pixels
from recommender.images.source import AGAIN, USE_INSTEAD, Source, called, describe, file_name, read_bytes
from recommender.settings import Settings

# Pillow warns of odd metadata, which is of no use to whoever sent the photo. Set once for good,
# since to set and restore it around each photo would race between threads.
warnings.filterwarnings("ignore", module=r"PIL\.")

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
TIFF = (b"II", b"MM")
"""How such a file begins."""
_BOX_FORMATS = ("HEIF", "AVIF")  # files made of boxes, the first of which is "ftyp"

# EXIF orientation to what makes the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Photo:
    """A photo that is ready to be looked at.

    ``picture`` is upright RGB without metadata, its longer side at most ``Settings.decode_side``
    (a JPEG that is reduced keeps at least three quarters of that); ``original_size`` the upright
    (width, height) before reducing; ``format`` such as "JPEG", "" where there was no file;
    ``name`` the file's own name, "" where there was none.
    """

    picture: Image.Image
    original_size: tuple[int, int]
    format: str = ""
    name: str = ""


def open_photo(source: Source, settings: Settings | None = None) -> Photo:
    """Open a photo; safe to call from several threads at once.

    Parameters
    ----------
    source
        A path, bytes, a binary file (an upload), a PIL picture, or a uint8 array
        of shape (h, w), (h, w, 3) or (h, w, 4).
    settings
        Limits and ``decode_side``.

    Raises
    ------
    ImageError
        It can't be used. The text is one sentence for the person who sent it.
    """
    settings = settings or Settings()
    name = file_name(source)
    if isinstance(source, Image.Image):
        return _decode(_checked(source, name, settings), name, settings)
    if isinstance(source, np.ndarray):
        return _decode(_checked(_from_array(source), name, settings), name, settings)
    data = read_bytes(source, settings.max_bytes)
    image = _open_image(data, name, settings)
    settings = replace(settings, max_pixels=_pillow_takes(settings.max_pixels // held_whole(image, data)))
    if tile_pixels(image) > settings.max_pixels:
        raise _too_large(name, settings.max_pixels)
    return _decode(_checked(image, name, settings), name, settings, reduce=True)


def picture_bytes(picture: Image.Image, side: int = 320, quality: int = 85) -> bytes:
    """A small JPEG of a picture, its longer side at most ``side`` pixels."""
    buffer = io.BytesIO()
    _shrunk(picture.convert("RGB"), side).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _open_image(data: bytes, name: str, settings: Settings) -> ImageFile.ImageFile:
    """The image with its header read and nothing decoded."""
    formats: tuple[str, ...] = _FORMATS
    if data[4:8] == b"ftyp":
        # Imported only for such files, since it takes as long as all of Pillow.
        import pillow_heif

        pillow_heif.register_heif_opener(depth_images=False, aux_images=False)
        formats = _BOX_FORMATS
    try:
        return Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError:
        raise _too_large(name, _pillow_takes(settings.max_pixels)) from None
    except Exception:  # decoders raise nearly anything at a damaged file
        if any(Image.OPEN[kind][1](data[:16]) is True for kind in formats):  # type: ignore[misc]
            raise _damaged(name, data[:2] in TIFF) from None
        raise ImageError(f"{called(name)} is {describe(data)}; {USE_INSTEAD}.") from None


def _decode(image: Image.Image, name: str, settings: Settings, reduce: bool = False) -> Photo:
    """Upright RGB of a bounded size. An image that belongs to somebody else must not be decoded with ``reduce``."""
    width, height = image.size
    try:
        if reduce:
            # A JPEG can be decoded at a half, quarter or eighth; three quarters of the side is sharp enough.
            need = min(1.0, 0.75 * settings.decode_side / max(image.size))
            image.draft(None, (math.ceil(width * need), math.ceil(height * need)))
        image.load()
        small = _shrunk(resizable(image), settings.decode_side)
        picture = to_rgb(small, image.info.get("icc_profile"))
        orientation = _orientation(image)
    except Exception:  # decoders raise nearly anything at a damaged file
        raise _damaged(name, image.format == "TIFF") from None
    if orientation in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[orientation])
    if orientation >= 5:
        width, height = height, width
    picture.info = {}  # where and when it was taken is nobody's business
    kind = getattr(image, "format", None) or ""
    return Photo(picture, (width, height), "JPEG" if kind == "MPO" else kind, name)


def _damaged(name: str, tiff: bool) -> ImageError:
    """What to say of a picture that can't be decoded. There are kinds of TIFF that no library reads all of."""
    if tiff:
        return ImageError(f"{called(name)} is damaged, or a kind of TIFF that can't be read; {USE_INSTEAD}.")
    return ImageError(f"{called(name)} is damaged or incomplete; {AGAIN}.")


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where it is missing, odd or unreadable."""
    try:
        value = int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # damaged metadata must not cost the picture
        return 1
    return value if value in _UPRIGHT else 1


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    """The picture with its longer side at most ``side``; itself where it is so already."""
    scale = side / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    # Far larger pictures are first reduced by whole factors, which is much faster and as good.
    return picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _from_array(array: np.ndarray) -> Image.Image:
    good = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
    if array.dtype != np.uint8 or not good or 0 in array.shape:
        raise ImageError(
            "An array has to be uint8 of shape (height, width), (height, width, 3) or (height, width, 4); "
            f"this one is {array.dtype} of shape {array.shape}."
        )
    return Image.fromarray(array)


def _checked(image: Image.Image, name: str, settings: Settings) -> Image.Image:
    """The image, if its header tells of neither too many pixels nor too few."""
    width, height = image.size
    if width * height > settings.max_pixels:
        raise _too_large(name, settings.max_pixels)
    if min(width, height) < settings.min_side:
        raise ImageError(
            f"{called(name)} is only {width}x{height} pixels; choose a photo of at least {settings.min_side} pixels "
            "in width and height."
        )
    return image


def _too_large(name: str, most: int) -> ImageError:
    return ImageError(f"{called(name)} has more than the {_pixels(most)} that are allowed; send a smaller copy of it.")


def _pillow_takes(most: int) -> int:
    """``most`` pixels, or as many as Pillow opens: it has a limit of its own, which is one for all threads."""
    return most if Image.MAX_IMAGE_PIXELS is None else min(most, 2 * Image.MAX_IMAGE_PIXELS)


def _pixels(count: int) -> str:
    """A number of pixels as people read it: "120 million pixels"."""
    if count < 1_000:
        return f"{count} pixels"
    # Whole millions are rounded down, so that no picture has fewer than it is said to have.
    return f"{count / 1e6:.3g} million pixels" if count < 10**8 else f"{count // 10**6:,} million pixels"
