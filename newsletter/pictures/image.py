"""Draw a picture anew for mail: Pillow, behind one function, within bounds.

    bytes | what is it | turned (EXIF) | sRGB | scaled | on white where it is transparent
        | JPEG, or PNG where it is drawn

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
from newsletter.pictures.svg import is_svg, render_svg_as_png

#: Pixels of a picture; what claims to have more is a mistake, or an attack on memory.
MAX_PIXELS = 25_000_000
#: Pixels of all frames of an animation.
MAX_ANIMATION_PIXELS = 100_000_000
#: Pixels each way below which nothing can be seen: spacers, and pictures that only count who reads.
MIN_SIDE_PX = 16
#: Stands behind what can be seen through: dark lines would vanish on a dark screen.
_BACKGROUND = "#ffffff"
#: Colours of a drawing: below them PNG is smaller and sharper than JPEG.
MAX_PNG_COLOURS = 256
JPEG_QUALITY = 82
_READABLE_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")

# Pillow knows forty forms; those beyond its first few must be made known, and no others are.
_PLUGINS = (AvifImagePlugin, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)
Image.preinit()
# We look at the size ourselves before a pixel is read; Pillow would only warn.
Image.MAX_IMAGE_PIXELS = None
# What it grumbles about damaged files is ours to say.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)


class ImageKind(StrEnum):
    """What a file is."""

    jpeg = "jpg"
    png = "png"
    gif = "gif"
    webp = "webp"
    avif = "avif"
    svg = "svg"
    other = "other"


#: What every mail client shows.
MAIL_SAFE_KINDS = frozenset({ImageKind.jpeg, ImageKind.png, ImageKind.gif})
_KIND_BY_FORMAT = {
    "JPEG": ImageKind.jpeg,
    "MPO": ImageKind.jpeg,
    "PNG": ImageKind.png,
    "GIF": ImageKind.gif,
    "WEBP": ImageKind.webp,
    "AVIF": ImageKind.avif,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageHeader:
    """What a file is, as its head says."""

    kind: ImageKind
    #: Pixels as it is shown, turned; 0: unknown (SVG).
    width: int
    height: int
    #: Bytes.
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedImage:
    """A picture ready for mail."""

    content: bytes
    kind: ImageKind
    width: int
    height: int


def read_image_header(content: bytes) -> ImageHeader:
    """Say what a file is without reading its pixels.

    Raises PictureError where it is no picture, or too large a one.
    """
    if is_svg(content):
        return ImageHeader(kind=ImageKind.svg, width=0, height=0, size_bytes=len(content))
    with _open_image(content) as image:
        width, height = image.size[::-1] if _is_quarter_turned(image) else image.size
        return ImageHeader(
            kind=_KIND_BY_FORMAT.get(image.format or "", ImageKind.other),
            width=width,
            height=height,
            size_bytes=len(content),
        )


def _is_quarter_turned(image: Image.Image) -> bool:
    """Say whether a picture is turned by a quarter (EXIF 0x0112); damaged metadata says nothing."""
    try:
        return image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    except Exception:  # noqa: BLE001 - Pillow raises SyntaxError, struct.error and more
        return False


def _apply_exif_rotation(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - the same; broken pixels raise again when they are read
        return image


def verify_image(content: bytes) -> ImageHeader:
    """Say what a file is once all of it could be read. Raises PictureError as `prepare` does."""
    found = read_image_header(content)
    prepare_image(content, width=MIN_SIDE_PX)
    return found


def prepare_image(content: bytes, *, width: int) -> PreparedImage:
    """Return a picture at most `width` pixels wide, as JPEG, PNG or animated GIF.

    Raises PictureError where it is none, is broken, or has too many pixels.
    """
    lines = is_svg(content)
    with _open_image(
        render_svg_as_png(content, width=width) if lines else content,
        min_side=1 if lines else MIN_SIDE_PX,
    ) as image:
        try:
            if getattr(image, "is_animated", False) and image.format == "GIF":
                return _prepare_animation(image, content)
            return _prepare_still(image, width)
        except PictureError:
            raise
        except Exception as error:  # broken files raise nearly anything
            raise PictureError(
                "The picture is broken, or only half of it is there. Save it again."
            ) from error


def _open_image(content: bytes, *, min_side: int = MIN_SIDE_PX) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=_READABLE_FORMATS)
        width, height = image.size
    except Exception as error:
        raise PictureError(
            "This is no picture that can be shown in mail. Save it as JPEG or PNG."
        ) from error
    if width * height > MAX_PIXELS or not width or not height:
        raise PictureError(
            "The picture has {width} × {height} pixels; {most} million are the most. Save a"
            " smaller one.",
            width=width, height=height, most=MAX_PIXELS // 1_000_000,
        )  # fmt: skip
    if min(width, height) < min_side:
        image.close()
        raise PictureError(
            "The picture has {width} × {height} pixels: nothing can be seen of it. Take another.",
            width=width,
            height=height,
        )
    return image


def _prepare_animation(image: Image.Image, content: bytes) -> PreparedImage:
    """Keep an animation as it is, once every frame could be read."""
    pixels = image.size[0] * image.size[1]
    frame = 0
    try:
        while True:
            image.seek(frame)
            image.load()
            frame += 1
            if frame * pixels > MAX_ANIMATION_PIXELS:
                raise PictureError(
                    "The animation has too many frames. Show a still picture, or a shorter one."
                )
    except EOFError:
        pass
    return PreparedImage(
        content=content, kind=ImageKind.gif, width=image.size[0], height=image.size[1]
    )


def _prepare_still(image: Image.Image, width: int) -> PreparedImage:
    image.seek(0)
    if image.format in ("JPEG", "MPO"):
        # The decoder scales by itself: less memory, half the time. Turned pictures are as wide as
        # they are high here.
        image.draft("RGB", (width * 2, width * 2))
    drawn = _to_srgb(_apply_exif_rotation(image))
    if drawn.width > width:
        drawn = drawn.resize(
            (width, max(1, round(drawn.height * width / drawn.width))), Image.Resampling.LANCZOS
        )
    # a pair: it is one channel
    alpha = drawn.getchannel("A").getextrema() if drawn.mode == "RGBA" else (255, 255)
    see_through = alpha[0] < 255  # type: ignore[operator]
    if see_through:
        drawn = Image.alpha_composite(Image.new("RGBA", drawn.size, _BACKGROUND), drawn)
    drawn = drawn.convert("RGB")
    few = image.format in ("PNG", "GIF", "BMP") and drawn.getcolors(MAX_PNG_COLOURS) is not None
    kind = ImageKind.png if see_through or few else ImageKind.jpeg
    return PreparedImage(
        content=_encode_image(drawn, kind), kind=kind, width=drawn.width, height=drawn.height
    )


def _to_srgb(image: Image.Image) -> Image.Image:
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


def _encode_image(image: Image.Image, kind: ImageKind) -> bytes:
    file = io.BytesIO()
    # A fresh picture of the same pixels: nothing that the file said of itself is written again.
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    options: dict[str, Any] = (
        {"quality": JPEG_QUALITY, "progressive": True} if kind is ImageKind.jpeg else {}
    )
    bare.save(file, "JPEG" if kind is ImageKind.jpeg else "PNG", optimize=True, **options)
    return file.getvalue()
