"""Bring the pictures of an issue onto the shelf.

Those that aren't there, or that haven't been asked for in a day.

address, width | there and fresh? | fetch (handed in) | prepare | put
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Protocol

from newsletter.domain.picture import HostedPicture
from newsletter.errors import FetchError, PictureError
from newsletter.i18n import Phrase
from newsletter.pictures.image import prepare_image
from newsletter.pictures.picture_store import PictureRecord, PictureStore, build_key

#: Seconds after which a source is asked whether its picture has changed, and that all asking may
#: take.
FRESH_SECONDS, HOSTING_TIMEOUT_SECONDS = 86_400.0, 20.0
#: Bytes of a picture as it lies at its source, and how many are fetched at once.
MAX_SOURCE_BYTES, MAX_CONCURRENT_FETCHES = 15_000_000, 4


class FetchedPicture(Protocol):
    """What a fetch gives."""

    @property
    def content(self) -> bytes:
        """The picture."""

    @property
    def unchanged(self) -> bool:
        """Whether it is as it was (304)."""

    @property
    def etag(self) -> str:
        """What the server says it is the version of."""

    @property
    def last_modified(self) -> str:
        """When the server says it was changed."""


#: Asks for a picture; what is known of it from last time. Raises FetchError.
FetchPicture = Callable[[str, PictureRecord | None], FetchedPicture]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenPicture:
    """Why an address gave no picture; `reached`: it gave something, which is none."""

    cause: Phrase
    reached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HostingResult:
    """What became of the pictures of an issue."""

    hosted: Mapping[str, HostedPicture] = field(default_factory=dict)
    #: Addresses that gave no picture, and why; nothing was there from before.
    broken: Mapping[str, BrokenPicture] = field(default_factory=dict)


def store_pictures(
    widths: Mapping[str, int],
    picture_store: PictureStore,
    fetch: FetchPicture,
    *,
    now: float,
    is_fresh: Callable[[str, PictureRecord], bool] | None = None,
    timeout_seconds: float = HOSTING_TIMEOUT_SECONDS,
) -> HostingResult:
    """Return where each picture lies with us.

    `wanted`: address → pixels in width; `now`: seconds since 1970.

    `is_fresh`: what is there needn't be asked for again; without it that is so for a day. A picture
    that can't be fetched again is shown as it was. Errors of ours are raised.
    """
    there = picture_store.load_records()
    fresh = is_fresh or (lambda _url, kept: now - kept.seen < FRESH_SECONDS)
    hosted: dict[str, HostedPicture] = {
        url: found.hosted
        for url, width in widths.items()
        if (found := there.get(build_key(url, width)))
    }
    asked = {
        url: width
        for url, width in widths.items()
        if not (found := there.get(build_key(url, width))) or not fresh(url, found)
    }
    answers: SimpleQueue[tuple[str, HostedPicture | BrokenPicture | BaseException | None]] = (
        SimpleQueue()
    )
    over = threading.Event()
    waiting: SimpleQueue[tuple[str, int]] = SimpleQueue()
    for one in asked.items():
        waiting.put(one)

    def store_waiting() -> None:
        while not over.is_set():
            try:
                url, width = waiting.get_nowait()
            except Empty:
                return
            answers.put(
                (
                    url,
                    _store_picture(
                        url, width, there.get(build_key(url, width)), picture_store, fetch, now
                    ),
                )
            )

    for _ in range(min(MAX_CONCURRENT_FETCHES, len(asked))):
        # Daemons: a host that never answers must not keep the program.
        threading.Thread(target=store_waiting, daemon=True, name="newsletter-picture").start()
    came = _gather_results(answers, len(asked), timeout_seconds)
    over.set()
    late = BrokenPicture(cause=Phrase("It didn't come in time."))
    hosted |= {url: one for url, one in came.items() if isinstance(one, HostedPicture)}
    causes = {url: came.get(url, late) for url in asked if url not in hosted}
    return HostingResult(
        hosted=hosted,
        broken={url: cause for url, cause in causes.items() if isinstance(cause, BrokenPicture)},
    )


def _store_picture(
    url: str,
    width: int,
    record: PictureRecord | None,
    picture_store: PictureStore,
    fetch: FetchPicture,
    now: float,
) -> HostedPicture | BrokenPicture | BaseException:
    try:
        answer = fetch(url, record)
        if answer.unchanged and record:
            picture_store.touch(url, width, seen=now)
            return record.hosted
        prepared = prepare_image(answer.content, width=width)
        return picture_store.put(
            url,
            prepared,
            width=width,
            seen=now,
            etag=answer.etag,
            last_modified=answer.last_modified,
        )
    except (FetchError, PictureError) as error:
        return BrokenPicture(cause=error.phrase, reached=isinstance(error, PictureError))
    except BaseException as error:  # noqa: BLE001 - it is raised again by the one who asked
        return error


def _gather_results(
    answers: "SimpleQueue[tuple[str, HostedPicture | BrokenPicture | BaseException | None]]",
    count: int,
    timeout_seconds: float,
) -> dict[str, HostedPicture | BrokenPicture]:
    end = time.monotonic() + timeout_seconds
    found: dict[str, HostedPicture | BrokenPicture] = {}
    for _ in range(count):
        try:
            url, answer = answers.get(timeout=max(0.0, end - time.monotonic()))
        except Empty:
            break
        if isinstance(answer, BaseException):
            raise answer
        if answer is not None:
            found[url] = answer
    return found
