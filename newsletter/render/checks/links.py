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
from newsletter.render.checks.body import is_private_url
from newsletter.render.checks.html_parser import parse_html

#: Seconds that asking may take altogether, and how many are asked at once.
PROBE_TIMEOUT_SECONDS, MAX_CONCURRENT_PROBES = 8.0, 8
#: Addresses that one finding shows.
MAX_SHOWN_URLS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLink:
    """An address that can't be fetched, and why."""

    url: str
    cause: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkProbe:
    """What became of asking."""

    dead: tuple[DeadLink, ...] = ()
    #: No answer in time.
    unanswered: tuple[str, ...] = ()


def collect_urls(rendered: RenderedIssue) -> tuple[str, ...]:
    """Return the public addresses of links and pictures in a letter, each once, in reading order.

    Slots aren't among them.
    """
    page = parse_html(rendered.html)
    found = dict.fromkeys(
        [*(link.url for link in page.links), *(image.url for image in page.images)]
    )
    return tuple(
        url for url in found if url.startswith(("http://", "https://")) and not is_private_url(url)
    )


def collect_picture_urls(rendered: RenderedIssue) -> tuple[str, ...]:
    """Return the addresses of the pictures in a letter, each once."""
    return tuple(dict.fromkeys(image.url for image in parse_html(rendered.html).images))


def probe_links(
    urls: Sequence[str],
    fetch: Callable[[str], object],
    *,
    timeout_seconds: float = PROBE_TIMEOUT_SECONDS,
) -> LinkProbe:
    """Fetch every address, eight at once, and give up on those that haven't answered in time.

    `fetch` raises FetchError for an address that is dead; any other exception of it is raised here.
    """
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[str, BaseException | None]] = queue.SimpleQueue()
    for url in urls:
        waiting.put(url)
    over = threading.Event()

    def fetch_waiting() -> None:
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

    for _ in range(min(MAX_CONCURRENT_PROBES, len(urls))):
        # Daemons: a host that never answers must not keep the program.
        threading.Thread(target=fetch_waiting, daemon=True, name="newsletter-link").start()
    answered = _gather_answers(answers, len(urls), time.monotonic() + timeout_seconds)
    over.set()
    return _to_link_probe(urls, answered)


def _gather_answers(
    answers: "queue.SimpleQueue[tuple[str, BaseException | None]]", count: int, deadline: float
) -> dict[str, BaseException | None]:
    answered: dict[str, BaseException | None] = {}
    while len(answered) < count:
        try:
            url, error = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        if error is not None and not isinstance(error, FetchError):
            raise error
        answered[url] = error
    return answered


def _to_link_probe(urls: Sequence[str], answered: dict[str, BaseException | None]) -> LinkProbe:
    return LinkProbe(
        dead=tuple(
            DeadLink(url=url, cause=error.phrase)
            for url in urls
            if isinstance(error := answered.get(url), FetchError)
        ),
        unanswered=tuple(url for url in urls if url not in answered),
    )


def _group_by_host(urls: Sequence[str]) -> dict[str, list[str]]:
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(urlsplit(url).hostname or url, []).append(url)
    return hosts


def check_links(link_probe: LinkProbe) -> Iterator[Finding]:
    """Yield one finding a host: dead links are warnings, for a site may be down for a moment."""
    causes = {dead.url: dead.cause for dead in link_probe.dead}
    for host, dead in _group_by_host(tuple(causes)).items():
        message = Phrase(
            "{host}: {count} links or pictures can't be reached: {urls} ({cause})",
            host=host,
            count=len(dead),
            urls=", ".join(dead[:MAX_SHOWN_URLS]),
            cause=causes[dead[0]],
        )
        yield Finding(code="link-dead", level=Level.warning, message=message, where=host)
    for host, silent in _group_by_host(link_probe.unanswered).items():
        message = Phrase(
            "{host}: {count} links or pictures didn't answer in time: {urls}",
            host=host,
            count=len(silent),
            urls=", ".join(silent[:MAX_SHOWN_URLS]),
        )
        yield Finding(code="link-unanswered", level=Level.note, message=message, where=host)
