"""Ask whether links can be reached.

The only check that uses the network, through a fetch that is handed in.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.domain.finding import Finding, Level
from newsletter.domain.issue import RenderedIssue
from newsletter.errors import FetchError
from newsletter.i18n import Phrase
from newsletter.render.checks.letter import is_private
from newsletter.render.checks.page import read

#: Seconds that asking may take altogether, and how many are asked at once.
PATIENCE, AT_ONCE = 8.0, 8
#: Addresses that one finding shows.
SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """An address that can't be fetched, and why."""

    url: str
    cause: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What became of asking."""

    dead: tuple[Dead, ...] = ()
    #: No answer in time.
    unanswered: tuple[str, ...] = ()


def urls(rendered: RenderedIssue) -> tuple[str, ...]:
    """Return the public addresses of links and pictures in a letter, each once, in reading order.

    Slots aren't among them.
    """
    page = read(rendered.html)
    found = dict.fromkeys(
        [*(link.url for link in page.links), *(image.url for image in page.images)]
    )
    return tuple(
        url for url in found if url.startswith(("http://", "https://")) and not is_private(url)
    )


def pictures(rendered: RenderedIssue) -> tuple[str, ...]:
    """Return the addresses of the pictures in a letter, each once."""
    return tuple(dict.fromkeys(image.url for image in read(rendered.html).images))


def probe(
    addresses: Sequence[str], fetch: Callable[[str], object], *, seconds: float = PATIENCE
) -> Probed:
    """Fetch every address, eight at once, and give up on those that haven't answered in time.

    `fetch` raises FetchError for an address that is dead; any other exception of it is raised here.
    """
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[str, BaseException | None]] = queue.SimpleQueue()
    for url in addresses:
        waiting.put(url)
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                url = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                fetch(url)
                answers.put((url, None))
            except BaseException as error:  # noqa: BLE001 - it is raised again by the one who asked
                answers.put((url, error))

    for _ in range(min(AT_ONCE, len(addresses))):
        # Daemons: a host that never answers must not keep the program.
        threading.Thread(target=ask, daemon=True, name="newsletter-link").start()
    answered = _gather(answers, len(addresses), time.monotonic() + seconds)
    over.set()
    return _judged(addresses, answered)


def _gather(
    answers: "queue.SimpleQueue[tuple[str, BaseException | None]]", count: int, end: float
) -> dict[str, BaseException | None]:
    answered: dict[str, BaseException | None] = {}
    while len(answered) < count:
        try:
            url, error = answers.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        if error is not None and not isinstance(error, FetchError):
            raise error
        answered[url] = error
    return answered


def _judged(addresses: Sequence[str], answered: dict[str, BaseException | None]) -> Probed:
    return Probed(
        dead=tuple(
            Dead(url=url, cause=error.phrase)
            for url in addresses
            if isinstance(error := answered.get(url), FetchError)
        ),
        unanswered=tuple(url for url in addresses if url not in answered),
    )


def _by_host(addresses: Sequence[str]) -> dict[str, list[str]]:
    hosts: dict[str, list[str]] = {}
    for url in addresses:
        hosts.setdefault(urlsplit(url).hostname or url, []).append(url)
    return hosts


def look(probed: Probed) -> Iterator[Finding]:
    """Yield one finding a host: dead links are warnings, for a site may be down for a moment."""
    causes = {dead.url: dead.cause for dead in probed.dead}
    for host, dead in _by_host(tuple(causes)).items():
        message = Phrase(
            "{host}: {count} links or pictures can't be reached: {urls} ({cause})",
            host=host, count=len(dead), urls=", ".join(dead[:SHOWN]), cause=causes[dead[0]],
        )  # fmt: skip
        yield Finding(code="link-dead", level=Level.warning, message=message, where=host)
    for host, silent in _by_host(probed.unanswered).items():
        message = Phrase(
            "{host}: {count} links or pictures didn't answer in time: {urls}",
            host=host,
            count=len(silent),
            urls=", ".join(silent[:SHOWN]),
        )
        yield Finding(code="link-unanswered", level=Level.note, message=message, where=host)
