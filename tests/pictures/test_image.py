"""Pictures of strangers are read in a child process, which the system ends at its limits."""

import io
import json
import struct

import pytest
from PIL import Image

from newsletter.errors import PictureError
from newsletter.limited_process import LimitExceededError, ProcessLimits, run_limited
from newsletter.pictures.image import PICTURE_LIMITS, ImageKind, prepare_image, verify_image
from tests.pictures.test_image_worker import SVG, make_animation, make_picture


def test_the_child_draws_what_the_worker_draws() -> None:
    """Its answer comes whole, also where it holds line breaks."""
    made = prepare_image(make_picture("PNG", (400, 300)), width=200)
    assert (made.kind, made.width, made.height) == (ImageKind.jpeg, 200, 150)
    with Image.open(io.BytesIO(made.content)) as image:
        image.load()
        assert image.size == (200, 150)
    animation = make_animation(3)
    assert prepare_image(animation, width=20).content == animation
    found = verify_image(SVG)
    assert (found.kind, found.size_bytes) == (ImageKind.svg, len(SVG))


def test_what_the_child_refuses_is_told_in_its_words() -> None:
    """With its values, to be translated by whoever shows them."""
    with pytest.raises(PictureError, match="no picture that can be shown") as told:
        verify_image(b"<html>404</html>")
    assert told.value.translate("sv").startswith("Det här är ingen bild")
    with pytest.raises(PictureError, match="6000 × 6000 pixels"):
        verify_image(make_gif((6_000, 6_000), [(20, 20)]))


def pack_pixels(count: int) -> bytes:
    """Return so many black pixels in LZW codes of three bits: clear, pixel, pixel; at last end."""
    bits = sum(0b100 << 9 * pair for pair in range(count // 2)) | 0b101 << 9 * (count // 2)
    return bits.to_bytes((9 * (count // 2) + 10) // 8, "little")


def make_gif(screen: tuple[int, int], frames: list[tuple[int, int]]) -> bytes:
    """Return a GIF whose frames claim a size and hold 400 pixels."""
    parts = [b"GIF89a", struct.pack("<HHBBB", *screen, 0x80, 0, 0), b"\0\0\0\xff\xff\xff"]
    data = pack_pixels(400)
    for width, height in frames:
        parts.append(b"!\xf9\x04\x08\x05\0\0\0")
        parts.append(b"," + struct.pack("<HHHHB", 0, 0, width, height, 0))
        parts.append(b"\x02" + bytes([len(data)]) + data + b"\0")
    return b"".join(parts) + b";"


@pytest.mark.parametrize("place", [1, 2])
def test_a_later_frame_of_gigabytes_is_refused(place: int) -> None:
    """The head of the file speaks of its first frame only."""
    frames = [(20, 20)] * place + [(20_000, 20_000)]
    with pytest.raises(PictureError, match="more than 25 million pixels"):
        verify_image(make_gif((20, 20), frames))


def test_frames_of_a_screen_that_has_grown_are_counted_at_its_size() -> None:
    """Thirty frames of 20 × 20 are nothing, on a screen of 25 million pixels they are too much."""
    first, *rest = [(20, 20)] * 30
    assert verify_image(make_gif((20, 20), [first, *rest])).width == 20
    with pytest.raises(PictureError, match="too many frames"):
        verify_image(make_gif((5_000, 5_000), [first, *rest]))


def make_jpeg_of_many_scans(scans: int) -> bytes:
    """Return a progressive JPEG whose last scan, some bytes long, stands there again and again."""
    file = io.BytesIO()
    Image.new("L", (4_900, 5_000)).save(file, "JPEG", progressive=True)
    whole = file.getvalue()
    start = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[start:-2] * scans + whole[-2:]


def test_a_jpeg_of_needless_scans_is_ended() -> None:
    """Each costs next to nothing to write, and a walk over all coefficients to read."""
    content = make_jpeg_of_many_scans(2_000)
    assert len(content) < 250_000
    limits = ProcessLimits(cpu_seconds=1, memory_bytes=PICTURE_LIMITS.memory_bytes)
    module = "newsletter.pictures.image_worker"
    assert json.loads(run_limited(module, ["verify"], make_jpeg_of_many_scans(1), limits=limits))
    with pytest.raises(LimitExceededError):
        run_limited(module, ["verify"], content, limits=limits)
