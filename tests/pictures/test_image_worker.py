"""Pictures drawn anew: turned, scaled, bare of what cameras write, and nothing that could harm."""

import io
import struct
import zlib
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from newsletter.errors import PictureError
from newsletter.pictures.image import ImageKind
from newsletter.pictures.image_worker import draw_image, read_image_header, verify_image


def make_picture(
    form: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **options: object
) -> bytes:
    """Return a photograph-like picture: a gradient, its upper left corner red."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((200, 30, 30), (0, 0, size[0] // 4, size[1] // 4))
    file = io.BytesIO()
    image.convert(mode).save(file, form, **options)
    return file.getvalue()


ROTATED_EXIF = Image.Exif()
ROTATED_EXIF[0x0112] = 6
ROTATED_EXIF[0x010F] = "Kamera" * 20


def open_image(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "BMP", "TIFF", "GIF"])
def test_every_form_becomes_one_that_every_client_shows(form: str) -> None:
    """JPEG for photographs, at most as wide as asked for, never made larger."""
    wide = draw_image(make_picture(form, (400, 300)), width=200)
    assert (wide.width, wide.height) == (200, 150)
    assert wide.kind in (ImageKind.jpeg, ImageKind.png)
    assert open_image(wide.content).size == (200, 150)
    small = draw_image(make_picture(form, (40, 30)), width=200)
    assert (small.width, small.height) == (40, 30)


def test_a_drawing_of_few_colours_stays_png_and_a_transparent_one_too() -> None:
    """JPEG would blur letters and the edges of what can be seen through."""
    flat = io.BytesIO()
    Image.new("RGB", (100, 50), "#0f5c4a").save(flat, "PNG")
    assert draw_image(flat.getvalue(), width=50).kind is ImageKind.png
    clear = io.BytesIO()
    Image.new("RGBA", (100, 50), (10, 20, 30, 40)).save(clear, "WEBP", lossless=True)
    assert draw_image(clear.getvalue(), width=50).kind is ImageKind.png
    opaque = draw_image(make_picture("PNG", mode="RGBA"), width=200)
    assert opaque.kind is ImageKind.jpeg


def test_what_can_be_seen_through_stands_on_white() -> None:
    """A black drawing on nothing would vanish on a dark screen."""
    drawing = Image.new("RGBA", (100, 50))
    drawing.paste((0, 0, 0, 255), (0, 0, 50, 50))
    file = io.BytesIO()
    drawing.save(file, "PNG")
    made = open_image(draw_image(file.getvalue(), width=100).content)
    assert made.mode == "RGB"
    assert (made.getpixel((10, 10)), made.getpixel((90, 10))) == ((0, 0, 0), (255, 255, 255))


@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (600, 15)])
def test_a_spacer_is_no_picture(size: tuple[int, int]) -> None:
    """Nothing can be seen of it, and it would tear the letter apart."""
    file = io.BytesIO()
    Image.new("RGB", size).save(file, "PNG")
    for look in (read_image_header, partial(draw_image, width=100)):
        with pytest.raises(PictureError, match="nothing can be seen"):
            look(file.getvalue())


@pytest.mark.parametrize(("turn", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))])
def test_a_picture_stands_upright(turn: int, corner: tuple[int, int]) -> None:
    """As the camera was held (EXIF 0x0112): its red corner is where it belongs.

    Width and height follow.
    """
    exif = Image.Exif()
    exif[0x0112] = turn
    content = make_picture("JPEG", (400, 300), exif=exif.tobytes())
    made = draw_image(content, width=1000)
    upright = (300, 400) if turn in (6, 8) else (400, 300)
    assert (
        (made.width, made.height)
        == upright
        == (read_image_header(content).width, read_image_header(content).height)
    )
    at = tuple((side - 20) if end else 20 for side, end in zip(upright, corner, strict=True))
    red, green, _ = open_image(made.content).getpixel(at)
    assert red > 150 > 80 > green


def test_nothing_but_the_pixels_goes_on() -> None:
    """No place, no camera, no comment, no profile: readers get a picture, not a diary."""
    exif = Image.Exif()
    exif[0x010F] = "Kamera av Anna"
    exif.get_ifd(0x8825)[2] = (57.0, 42.0, 0.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "Kamera av Anna")
    for content in (
        make_picture(
            "JPEG",
            exif=exif.tobytes(),
            comment=b"Kamera av Anna",
            icc_profile=profile,
            xmp=b"<x>Kamera av Anna</x>",
        ),
        make_picture("PNG", exif=exif.tobytes(), pnginfo=notes, icc_profile=profile),
        make_picture(
            "WEBP", exif=exif.tobytes(), icc_profile=profile, xmp=b"<x>Kamera av Anna</x>"
        ),
    ):
        assert b"Kamera" in content
        made = open_image(draw_image(content, width=200).content)
        assert not made.getexif()
        assert not {"icc_profile", "comment", "xmp", "Comment"} & set(made.info)
        assert b"Kamera" not in draw_image(content, width=200).content


def test_colours_for_print_and_of_sixteen_bits_can_be_seen() -> None:
    """CMYK, grey, 16 bits a pixel, a palette with transparency: all are shown."""
    assert (
        open_image(draw_image(make_picture("JPEG", mode="CMYK"), width=200).content).mode == "RGB"
    )
    grey = io.BytesIO()
    Image.new("I;16", (100, 100), 32_768).save(grey, "PNG")
    assert (
        abs(
            open_image(draw_image(grey.getvalue(), width=50).content).convert("L").getpixel((5, 5))
            - 128
        )
        < 3
    )
    assert draw_image(make_picture("PNG", mode="P", transparency=0), width=100).width == 100
    assert draw_image(make_picture("PNG", mode="1"), width=100).width == 100


def make_animation(frames: int, size: tuple[int, int] = (60, 40)) -> bytes:
    file = io.BytesIO()
    images = [Image.new("P", size, index + 1) for index in range(frames)]
    for index, image in enumerate(images):
        image.putpixel((index % size[0], 0), 200)
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=50, loop=0)
    return file.getvalue()


def test_an_animation_moves_on() -> None:
    """It is kept byte for byte; one that is cut off is refused."""
    content = make_animation(4)
    made = draw_image(content, width=20)
    assert (made.kind, made.content, made.width) == (ImageKind.gif, content, 60)
    assert draw_image(make_animation(1), width=20).kind is ImageKind.png


def make_bomb(width: int, height: int) -> bytes:
    """Return a PNG of some bytes that claims to be huge."""

    def build_chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + build_chunk(b"IHDR", head)
        + build_chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + build_chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(5_001, 5_000), (60_000, 60_000), (2_000_000_000, 2)])
def test_a_bomb_is_refused_before_a_pixel_is_read(size: tuple[int, int]) -> None:
    """Its own size is the reason that is told; nothing warns, nothing is unpacked."""
    for ask in (read_image_header, lambda content: draw_image(content, width=100)):
        with pytest.raises(PictureError, match=r"pixels|no picture"):
            ask(make_bomb(*size))


def test_an_animation_without_end_is_refused() -> None:
    """Many frames of many pixels."""
    with pytest.raises(PictureError, match="frames"):
        draw_image(make_animation(30, (2_000, 2_000)), width=100)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>404</html>",
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
        b"%PDF-1.7",
        b"8BPS\0\1",
        b"%!PS-Adobe-3.0 EPSF",
    ],
)
def test_what_is_no_picture_is_told(content: bytes) -> None:
    """Pages, documents, formats that run programs (EPS), heads without bodies."""
    with pytest.raises(PictureError):
        draw_image(content, width=100)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_half_a_picture_is_told(form: str) -> None:
    """A broken upload isn't sent as a grey half."""
    content = make_picture(form, (600, 600))
    with pytest.raises(PictureError):
        draw_image(content[: len(content) // 2], width=600)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]),
    st.integers(0, 400),
    st.binary(min_size=1, max_size=20),
)
def test_damaged_files_never_fall_over(form: str, at: int, noise: bytes) -> None:
    """They are shown, or told; no other exception."""
    content = (
        make_picture(form, (64, 48), exif=ROTATED_EXIF)
        if form != "GIF"
        else make_picture(form, (64, 48))
    )
    damaged = content[:at] + noise + content[at + len(noise) :]
    for look in (read_image_header, verify_image, partial(draw_image, width=32)):
        with suppress(PictureError):
            assert look(damaged).width <= 25_000_000


def test_damaged_metadata_says_nothing() -> None:
    """The pixels are whole: the picture is shown."""
    damaged = make_picture("WEBP", (64, 48), exif=ROTATED_EXIF).replace(b"MM\0*", b"MM?*")
    assert (read_image_header(damaged).width, draw_image(damaged, width=64).width) == (64, 64)


def test_a_picture_at_its_source_is_read_to_its_end() -> None:
    """Its head alone doesn't tell that half of it is missing."""
    content = make_picture("JPEG", (600, 600))
    assert verify_image(content) == read_image_header(content)
    assert verify_image(SVG).kind is ImageKind.svg
    assert read_image_header(content[: len(content) // 2]).width == 600
    with pytest.raises(PictureError):
        verify_image(content[: len(content) // 2])


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"'
    b' fill="#0f5c4a"/></svg>'
)


def test_a_drawing_of_lines_becomes_png() -> None:
    """SVG: hardly any mail client shows it."""
    for content in (
        SVG,
        b'<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE svg>\n' + SVG,
        b"\xef\xbb\xbf" + SVG,
    ):
        made = draw_image(content, width=200)
        assert (made.kind, made.width, made.height) == (ImageKind.png, 200, 100)
        assert open_image(made.content).convert("RGB").getpixel((100, 50)) == (0x0F, 0x5C, 0x4A)
    assert read_image_header(SVG).kind is ImageKind.svg


@pytest.mark.parametrize(
    "inside",
    [
        b'<image href="/etc/hostname" width="10" height="10"/>',
        b'<image xlink:href="file:///etc/passwd"/>',
        b'<filter id="f"><feImage href="/etc/hostname"/></filter>',
        b'<a-b:image xmlns:a-b="http://www.w3.org/2000/svg" href="/etc/hostname"/>',
        b'<a.b:image xmlns:a.b="http://www.w3.org/2000/svg" href="/etc/hostname"/>',
        b'<use href="other.svg#x"/>',
        b"<rect style=\"fill: url( 'https://example.org/x')\"/>",
        b'<foreignObject><iframe href="x"/></foreignObject>',
        b"<style>@import url(https://example.org/x.css)</style>",
    ],
)
def test_a_drawing_that_names_other_files_is_refused(inside: bytes) -> None:
    """The drawing would bring a file of this machine into a letter."""
    with pytest.raises(PictureError):
        draw_image(SVG.replace(b"</svg>", inside + b"</svg>"), width=100)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg>",
        b'<svg xmlns="http://www.w3.org/2000/svg">',
        SVG.replace(b"</svg>", b"<g>" * 5_000 + b"</g>" * 5_000 + b"</svg>"),
        (
            b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 50000"><rect width="1"'
            b' height="50000"/></svg>'
        ),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG,
        SVG + b" " * 2_000_001,
    ],
)
def test_a_broken_growing_or_huge_drawing_is_told(content: bytes) -> None:
    """Never shown half."""
    with pytest.raises(PictureError):
        draw_image(content, width=100)
