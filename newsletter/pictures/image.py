"""Make a picture fit for mail, in a child process: no file can exhaust or crash this one.

bytes | image_worker, under limits of time and memory | PreparedImage or PictureError
"""

import json
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from newsletter.errors import PictureError
from newsletter.limited_process import (
    FileRefusedError,
    LimitExceededError,
    ProcessLimits,
    run_limited,
)

#: What one picture may use.
PICTURE_LIMITS = ProcessLimits(cpu_seconds=5, memory_bytes=256_000_000)
#: Pictures that are read at once, whoever asks: each may use all of its memory.
_MAX_CONCURRENT_WORKERS = 2
_workers = threading.BoundedSemaphore(_MAX_CONCURRENT_WORKERS)


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


def verify_image(content: bytes) -> ImageHeader:
    """Say what a file is once all of it could be read. Raises PictureError as `prepare` does."""
    found, _ = _ask_worker(["verify"], content)
    return ImageHeader(**_to_fields(found), size_bytes=len(content))


def prepare_image(content: bytes, *, width: int) -> PreparedImage:
    """Return a picture at most `width` pixels wide, as JPEG, PNG or animated GIF.

    Raises PictureError where it is none, is broken, or has too many pixels.
    """
    found, drawn = _ask_worker(["prepare", str(width)], content)
    return PreparedImage(**_to_fields(found), content=drawn)


def _to_fields(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "kind": ImageKind(found["kind"])}


def _ask_worker(arguments: list[str], content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        with _workers:
            answer = run_limited(
                "newsletter.pictures.image_worker", arguments, content, limits=PICTURE_LIMITS
            )
    except FileRefusedError as refused:
        raise PictureError(refused.phrase.text, **refused.phrase.values) from None
    except LimitExceededError as error:
        raise PictureError(
            "The picture takes too much time or memory to read. Save it again, as an ordinary JPEG"
            " or PNG."
        ) from error
    head, _, body = answer.partition(b"\n")
    return json.loads(head), body
