"""Draw each issue once a version, however many frames show it."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import NewsletterError
from newsletter.web.preview.desk import Desk, Look, ShownPicture
from newsletter.web.preview.letter import pictures
from newsletter.web.preview.report import problem, report
from newsletter.web.preview.watch import Changes

#: Pictures fetched at the same time.
AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An issue as it was drawn at a version; `look` is None where it couldn't be."""

    issue: str
    version: int
    milliseconds: int
    look: Look | None
    report: dict[str, Any]


class Studio:
    """Holds what has been drawn until something changes."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.changes = Changes()
        self._drawn: dict[tuple[str, SubscriberId | None], Drawn] = {}
        self._addresses: dict[str, str] = {}
        self._one_at_a_time = asyncio.Lock()
        self._few_at_once = asyncio.Semaphore(AT_ONCE)

    async def issues(self) -> Sequence[str]:
        """Return the names of the issues, the one to open first at the front."""
        return list(await asyncio.to_thread(self.desk.issues))

    async def drawn(self, issue: str, reader: SubscriberId | None = None) -> Drawn | None:
        """Return an issue as it looks now to a reader (None: a made-up one); None where the desk knows no such issue."""
        async with self._one_at_a_time:
            version = self.changes.version
            held = self._drawn.get((issue, reader))
            if held is None or held.version != version:
                # What was drawn of an older version is no use to anybody.
                self._drawn = {key: drawn for key, drawn in self._drawn.items() if drawn.version == version}
                if issue not in await asyncio.to_thread(self.desk.issues):
                    return None
                held = await asyncio.to_thread(self._draw, issue, reader, version)
                self._drawn[issue, reader] = held
            return held

    def _draw(self, issue: str, reader: SubscriberId | None, version: int) -> Drawn:
        began = time.perf_counter()
        look: Look | None = None
        try:
            look = self.desk.look(issue, reader)
            said = report(look, self.desk.language)
            self._addresses.update(pictures(look.rendered.html))
        except NewsletterError as error:
            said = {"problem": problem(error, self.desk.source(issue), self.desk.language)}
        milliseconds = round((time.perf_counter() - began) * 1000)
        return Drawn(issue=issue, version=version, milliseconds=milliseconds, look=look, report=said)

    async def picture(self, key: str) -> ShownPicture | None:
        """Return a picture of a letter that was drawn; an address that occurs in none can't be asked for."""
        address = self._addresses.get(key)
        if address is None:
            return None
        async with self._few_at_once:
            return await asyncio.to_thread(self.desk.picture, address)
