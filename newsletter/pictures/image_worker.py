"""Draw a picture anew for mail: Pillow and resvg, in a child process of `image`.

    bytes | what is it | made small | turned (EXIF) | sRGB | scaled | on white where it is
        transparent | JPEG, or PNG where it is drawn

Nothing of the file but its pixels goes on: no place, no camera, no names (EXIF, XMP, ICC,
comments). Animated GIFs stay as they are.
"""

import io
import json
import logging
import warnings
from collections.abc import Sequence
from typing import IO, Any

from PIL import (
    AvifImagePlugin,
    Image,
    ImageCms,
    MpoImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from newsletter.errors import PictureError
from newsletter.pictures.image import ImageHeader, ImageKind, PreparedImage
from newsletter.pictures.svg import is_svg, render_svg_as_png

#: Pixels of a picture; what claims to have more is a mistake, or an attack on memory.
MAX_PIXELS = 25_000_000
#: The same where the decoder holds a picture four times.
_MAX_PIXELS_BY_FORMAT = {"WEBP": 13_000_000, "AVIF": 13_000_000}
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


_KIND_BY_FORMAT = {
    "JPEG": ImageKind.jpeg,
    "MPO": ImageKind.jpeg,
    "PNG": ImageKind.png,
    "GIF": ImageKind.gif,
    "WEBP": ImageKind.webp,
    "AVIF": ImageKind.avif,
}
#: EXIF 0x0112 → what turns the picture upright.
_TURN_BY_ORIENTATION = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def respond(arguments: Sequence[str], source: IO[bytes], target: IO[bytes]) -> None:
    """Write a line of JSON, then the picture: `verify`, or `prepare WIDTH`."""
    content, body = source.read(), b""
    if arguments[0] == "verify":
        found: ImageHeader | PreparedImage = verify_image(content)
    else:
        found = draw_image(content, width=int(arguments[1]))
        body = found.content
    head = {"kind": found.kind, "width": found.width, "height": found.height}
    target.write(json.dumps(head).encode("ascii") + b"\n" + body)


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


def _read_orientation(image: Image.Image) -> int:
    """Return how a picture is turned (EXIF 0x0112); damaged metadata says nothing."""
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # noqa: BLE001 - Pillow raises SyntaxError, struct.error and more
        return 1


def _is_quarter_turned(image: Image.Image) -> bool:
    return _read_orientation(image) in (5, 6, 7, 8)


def verify_image(content: bytes) -> ImageHeader:
    """Say what a file is once all of it could be read. Raises PictureError as `draw_image` does."""
    found = read_image_header(content)
    draw_image(content, width=MIN_SIDE_PX)
    return found


def draw_image(content: bytes, *, width: int) -> PreparedImage:
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
        except (PictureError, MemoryError):
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
    max_pixels = _MAX_PIXELS_BY_FORMAT.get(image.format or "", MAX_PIXELS)
    if width * height > max_pixels or not width or not height:
        raise PictureError(
            "The picture has {width} × {height} pixels; {most} million are the most. Save a"
            " smaller one.",
            width=width, height=height, most=max_pixels // 1_000_000,
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
    width, height = image.size
    pixels = frame = 0
    # Pillow looks at a frame before it makes room for it, and lets twice as much through.
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
    try:
        while True:
            image.seek(frame)
            # A later frame may be larger than the first.
            pixels += image.size[0] * image.size[1]
            if pixels > MAX_ANIMATION_PIXELS:
                raise PictureError(
                    "The animation has too many frames. Show a still picture, or a shorter one."
                )
            image.load()
            frame += 1
    except Image.DecompressionBombError:
        raise PictureError(
            "A frame of the animation has more than {most} million pixels. Save a smaller one.",
            most=MAX_PIXELS // 1_000_000,
        ) from None
    except EOFError:
        pass
    finally:
        Image.MAX_IMAGE_PIXELS = None
    return PreparedImage(content=content, kind=ImageKind.gif, width=width, height=height)


def _prepare_still(image: Image.Image, width: int) -> PreparedImage:
    image.seek(0)
    if image.format in ("JPEG", "MPO"):
        # The decoder scales by itself: less memory, half the time. Turned pictures are as wide as
        # they are high here.
        image.draft("RGB", (width * 2, width * 2))
    drawn = _to_srgb(_turn_upright(_shrink(image, width), _read_orientation(image)))
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


def _shrink(image: Image.Image, width: int) -> Image.Image:
    """Return the pixels at about twice the width that is wanted, or as they are.

    All later steps copy them, and 25 million take 100 MB each time.
    """
    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode not in ("L", "LA", "RGB", "RGBA", "CMYK"):
        image = image.convert("RGBA" if _has_alpha(image) else "RGB")
    upright = image.height if _is_quarter_turned(image) else image.width
    # A picture that is very high and narrow keeps its few pixels.
    factor = min(upright // (2 * width), image.width, image.height)
    return image.reduce(factor) if factor > 1 else image


def _turn_upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURN_BY_ORIENTATION.get(orientation)
    return image if turn is None else image.transpose(turn)


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _to_srgb(image: Image.Image) -> Image.Image:
    """Return the pixels as RGB or RGBA, in the one colour space that mail clients know."""
    profile = image.info.get("icc_profile")
    target = "RGBA" if _has_alpha(image) else "RGB"
    if profile:
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
