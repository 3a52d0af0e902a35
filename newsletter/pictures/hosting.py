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
from newsletter.pictures.draw import prepare
from newsletter.pictures.shelf import Kept, Shelf, key

#: Seconds after which a source is asked whether its picture has changed, and that all asking may
#: take.
FRESH, PATIENCE = 86_400.0, 20.0
#: Bytes of a picture as it lies at its source, and how many are fetched at once.
LARGEST, AT_ONCE = 15_000_000, 4


class Answer(Protocol):
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
Fetch = Callable[[str, Kept | None], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Why an address gave no picture; `reached`: it gave something, which is none."""

    cause: Phrase
    reached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting:
    """What became of the pictures of an issue."""

    hosted: Mapping[str, HostedPicture] = field(default_factory=dict)
    #: Addresses that gave no picture, and why; nothing was there from before.
    broken: Mapping[str, Broken] = field(default_factory=dict)


def host(
    wanted: Mapping[str, int],
    shelf: Shelf,
    fetch: Fetch,
    *,
    now: float,
    is_fresh: Callable[[str, Kept], bool] | None = None,
    seconds: float = PATIENCE,
) -> Hosting:
    """Return where each picture lies with us.

    `wanted`: address → pixels in width; `now`: seconds since 1970.

    `is_fresh`: what is there needn't be asked for again; without it that is so for a day. A picture
    that can't be fetched again is shown as it was. Errors of ours are raised.
    """
    there = shelf.kept()
    fresh = is_fresh or (lambda _url, kept: now - kept.seen < FRESH)
    hosted: dict[str, HostedPicture] = {
        url: found.hosted for url, width in wanted.items() if (found := there.get(key(url, width)))
    }
    asked = {
        url: width
        for url, width in wanted.items()
        if not (found := there.get(key(url, width))) or not fresh(url, found)
    }
    answers: SimpleQueue[tuple[str, HostedPicture | Broken | BaseException | None]] = SimpleQueue()
    over = threading.Event()
    waiting: SimpleQueue[tuple[str, int]] = SimpleQueue()
    for one in asked.items():
        waiting.put(one)

    def work() -> None:
        while not over.is_set():
            try:
                url, width = waiting.get_nowait()
            except Empty:
                return
            answers.put((url, _one(url, width, there.get(key(url, width)), shelf, fetch, now)))

    for _ in range(min(AT_ONCE, len(asked))):
        # Daemons: a host that never answers must not keep the program.
        threading.Thread(target=work, daemon=True, name="newsletter-picture").start()
    came = _gather(answers, len(asked), seconds)
    over.set()
    late = Broken(cause=Phrase("It didn't come in time."))
    hosted |= {url: one for url, one in came.items() if isinstance(one, HostedPicture)}
    causes = {url: came.get(url, late) for url in asked if url not in hosted}
    return Hosting(
        hosted=hosted,
        broken={url: cause for url, cause in causes.items() if isinstance(cause, Broken)},
    )


def _one(
    url: str, width: int, known: Kept | None, shelf: Shelf, fetch: Fetch, now: float
) -> HostedPicture | Broken | BaseException:
    try:
        answer = fetch(url, known)
        if answer.unchanged and known:
            shelf.touch(url, width, seen=now)
            return known.hosted
        prepared = prepare(answer.content, width=width)
        return shelf.put(
            url,
            prepared,
            asked=width,
            seen=now,
            etag=answer.etag,
            last_modified=answer.last_modified,
        )
    except (FetchError, PictureError) as error:
        return Broken(cause=error.phrase, reached=isinstance(error, PictureError))
    except BaseException as error:  # noqa: BLE001 - it is raised again by the one who asked
        return error


def _gather(
    answers: "SimpleQueue[tuple[str, HostedPicture | Broken | BaseException | None]]",
    count: int,
    seconds: float,
) -> dict[str, HostedPicture | Broken]:
    end = time.monotonic() + seconds
    found: dict[str, HostedPicture | Broken] = {}
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
