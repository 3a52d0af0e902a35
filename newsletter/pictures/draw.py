"""Draw a picture anew for mail: Pillow, behind one function, within bounds.

    bytes | what is it | turned (EXIF) | sRGB | scaled | on white where it can be seen through | JPEG, or PNG where it is drawn

Nothing of the file but its pixels goes on: no place, no camera, no names (EXIF, XMP, ICC,
comments). Animated GIFs stay as they are.
"""

import io
import logging
import warnings
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PIL import (
    AvifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    MpoImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from newsletter.errors import PictureError
from newsletter.pictures.svg import as_png, is_svg

#: Pixels of a picture; what claims to have more is a mistake, or an attack on memory.
MOST_PIXELS = 25_000_000
#: Pixels of all frames of an animation.
MOST_MOVING = 100_000_000
#: Pixels each way below which nothing can be seen: spacers, and pictures that only count who reads.
SMALLEST = 16
#: Stands behind what can be seen through: dark lines would vanish on a dark screen.
_GROUND = "#ffffff"
#: Colours of a drawing: below them PNG is smaller and sharper than JPEG.
FEW_COLOURS = 256
QUALITY = 82
_FORMS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")

# Pillow knows forty forms; those beyond its first few must be made known, and no others are.
_PLUGINS = (AvifImagePlugin, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
Image.preinit()
# We look at the size ourselves before a pixel is read; Pillow would only warn.
Image.MAX_IMAGE_PIXELS = None
# What it grumbles about damaged files is ours to say.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)


class Kind(StrEnum):
    """What a file is."""

    jpeg = "jpg"
    png = "png"
    gif = "gif"
    webp = "webp"
    avif = "avif"
    svg = "svg"
    other = "other"


#: What every mail client shows.
EVERYWHERE = frozenset({Kind.jpeg, Kind.png, Kind.gif})
_KINDS = {
    "JPEG": Kind.jpeg,
    "MPO": Kind.jpeg,
    "PNG": Kind.png,
    "GIF": Kind.gif,
    "WEBP": Kind.webp,
    "AVIF": Kind.avif,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a file is, as its head says."""

    kind: Kind
    #: Pixels as it is shown, turned; 0: unknown (SVG).
    width: int
    height: int
    #: Bytes.
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A picture ready for mail."""

    content: bytes
    kind: Kind
    width: int
    height: int


def measure(content: bytes) -> Measured:
    """Say what a file is without reading its pixels.

    Raises PictureError where it is no picture, or too large a one.
    """
    if is_svg(content):
        return Measured(kind=Kind.svg, width=0, height=0, size=len(content))
    with _opened(content) as image:
        width, height = image.size[::-1] if _lies(image) else image.size
        return Measured(
            kind=_KINDS.get(image.format or "", Kind.other),
            width=width,
            height=height,
            size=len(content),
        )


def _lies(image: Image.Image) -> bool:
    """Say whether a picture is turned by a quarter (EXIF 0x0112); damaged metadata says nothing."""
    try:
        return image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    except Exception:  # noqa: BLE001 - Pillow raises SyntaxError, struct.error and more
        return False


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - the same; broken pixels raise again when they are read
        return image


def prove(content: bytes) -> Measured:
    """Say what a file is once all of it could be read. Raises PictureError as `prepare` does."""
    found = measure(content)
    prepare(content, width=SMALLEST)
    return found


def prepare(content: bytes, *, width: int) -> Prepared:
    """Return a picture at most `width` pixels wide, as JPEG, PNG or animated GIF.

    Raises PictureError where it is none, is broken, or has too many pixels.
    """
    lines = is_svg(content)
    with _opened(
        as_png(content, width=width) if lines else content, smallest=1 if lines else SMALLEST
    ) as image:
        try:
            if getattr(image, "is_animated", False) and image.format == "GIF":
                return _moving(image, content)
            return _still(image, width)
        except PictureError:
            raise
        except Exception as error:  # broken files raise nearly anything
            raise PictureError(
                "The picture is broken, or only half of it is there. Save it again."
            ) from error


def _opened(content: bytes, *, smallest: int = SMALLEST) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=_FORMS)
        width, height = image.size
    except Exception as error:
        raise PictureError(
            "This is no picture that can be shown in mail. Save it as JPEG or PNG."
        ) from error
    if width * height > MOST_PIXELS or not width or not height:
        raise PictureError(
            "The picture has {width} × {height} pixels; {most} million are the most. Save a smaller one.",
            width=width, height=height, most=MOST_PIXELS // 1_000_000,
        )  # fmt: skip
    if min(width, height) < smallest:
        image.close()
        raise PictureError(
            "The picture has {width} × {height} pixels: nothing can be seen of it. Take another.",
            width=width,
            height=height,
        )
    return image


def _moving(image: Image.Image, content: bytes) -> Prepared:
    """Keep an animation as it is, once every frame could be read."""
    pixels = image.size[0] * image.size[1]
    frame = 0
    try:
        while True:
            image.seek(frame)
            image.load()
            frame += 1
            if frame * pixels > MOST_MOVING:
                raise PictureError(
                    "The animation has too many frames. Show a still picture, or a shorter one."
                )
    except EOFError:
        pass
    return Prepared(content=content, kind=Kind.gif, width=image.size[0], height=image.size[1])


def _still(image: Image.Image, width: int) -> Prepared:
    image.seek(0)
    if image.format in ("JPEG", "MPO"):
        # The decoder scales by itself: less memory, half the time. Turned pictures are as wide as
        # they are high here.
        image.draft("RGB", (width * 2, width * 2))
    drawn = _in_srgb(_upright(image))
    if drawn.width > width:
        drawn = drawn.resize(
            (width, max(1, round(drawn.height * width / drawn.width))), Image.Resampling.LANCZOS
        )
    # a pair: it is one channel
    see_through = drawn.mode == "RGBA" and bool(drawn.getchannel("A").getextrema()[0] < 255)  # type: ignore[operator]
    if see_through:
        drawn = Image.alpha_composite(Image.new("RGBA", drawn.size, _GROUND), drawn)
    drawn = drawn.convert("RGB")
    few = image.format in ("PNG", "GIF", "BMP") and drawn.getcolors(FEW_COLOURS) is not None
    kind = Kind.png if see_through or few else Kind.jpeg
    return Prepared(
        content=_written(drawn, kind), kind=kind, width=drawn.width, height=drawn.height
    )


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the pixels as RGB or RGBA, in the one colour space that mail clients know."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    has_alpha = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    target = "RGBA" if has_alpha else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            ours = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            moved = ImageCms.profileToProfile(
                image, ours, ImageCms.createProfile("sRGB"), outputMode=target
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            moved = None  # a damaged profile says nothing
        if moved is not None:
            return moved
    return image.convert(target)


def _written(image: Image.Image, kind: Kind) -> bytes:
    file = io.BytesIO()
    # A fresh picture of the same pixels: nothing that the file said of itself is written again.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    options: dict[str, Any] = {"quality": QUALITY, "progressive": True} if kind is Kind.jpeg else {}
    bare.save(file, "JPEG" if kind is Kind.jpeg else "PNG", optimize=True, **options)
    return file.getvalue()
