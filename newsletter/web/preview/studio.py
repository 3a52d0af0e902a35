"""Draw each issue once a version, however many frames show it.

Check it when somebody has seen it.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import NewsletterError
from newsletter.web.preview.desk import Desk, Look, ShownPicture
from newsletter.web.preview.letter import pictures
from newsletter.web.preview.report import problem, report, seen
from newsletter.web.preview.watch import Changes

#: Pictures fetched at the same time.
AT_ONCE = 4

_Key = tuple[str, SubscriberId | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An issue as it was drawn at a version; `look` is None where it couldn't be."""

    issue: str
    version: int
    milliseconds: int
    look: Look | None
    #: What the page shows at once: `report.seen`, or what is wrong.
    said: dict[str, Any]


class Studio:
    """Holds what has been drawn until something changes."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.changes = Changes()
        self._drawn: dict[_Key, Drawn] = {}
        self._reports: dict[_Key, tuple[Drawn, dict[str, Any]]] = {}
        self._addresses: dict[str, str] = {}
        self._one_at_a_time = asyncio.Lock()
        self._few_at_once = asyncio.Semaphore(AT_ONCE)

    async def issues(self) -> Sequence[str]:
        """Return the names of the issues, the one to open first at the front."""
        return list(await asyncio.to_thread(self.desk.issues))

    async def begin(self) -> None:
        """Draw the first issue while the browser is still opening.

        What is slow the first time is done when it asks.
        """
        if names := await self.issues():
            await self.drawn(names[0])

    async def drawn(self, issue: str, reader: SubscriberId | None = None) -> Drawn | None:
        """Return an issue as it looks now to a reader (None: a made-up one).

        None where the desk knows no such issue.
        """
        if held := self._held(issue, reader):
            return held  # though another look is being drawn or checked
        async with self._one_at_a_time:
            if held := self._held(issue, reader):
                return held
            version = self.changes.version
            # What was drawn of an older version is no use to anybody.
            self._drawn = {
                key: drawn for key, drawn in self._drawn.items() if drawn.version == version
            }
            if issue not in await asyncio.to_thread(self.desk.issues):
                return None
            held = self._drawn[issue, reader] = await asyncio.to_thread(
                self._draw, issue, reader, version
            )
            return held

    def _held(self, issue: str, reader: SubscriberId | None) -> Drawn | None:
        held = self._drawn.get((issue, reader))
        return held if held is not None and held.version == self.changes.version else None

    async def report(
        self, issue: str, reader: SubscriberId | None = None
    ) -> tuple[Drawn, dict[str, Any]] | None:
        """Return what the checks say of an issue as it looks now, or what is wrong.

        None where the desk knows no such issue.
        """
        drawn = await self.drawn(issue, reader)
        if drawn is None or drawn.look is None:
            return (drawn, drawn.said) if drawn else None
        async with self._one_at_a_time:
            held = self._reports.get((issue, reader))
            if held is None or held[0] is not drawn:
                self._reports = {
                    key: one
                    for key, one in self._reports.items()
                    if one[0].version == drawn.version
                }
                held = self._reports[issue, reader] = (
                    drawn,
                    await asyncio.to_thread(self._examine, drawn.look, issue, reader),
                )
            return held

    def _draw(self, issue: str, reader: SubscriberId | None, version: int) -> Drawn:
        began = time.perf_counter()
        look: Look | None = None
        try:
            look = self.desk.look(issue, reader)
            said = seen(look)
            self._addresses.update(pictures(look.rendered.html))
        except NewsletterError as error:
            said = {"problem": problem(error, self.desk.source(issue), self.desk.language)}
        milliseconds = round((time.perf_counter() - began) * 1000)
        return Drawn(issue=issue, version=version, milliseconds=milliseconds, look=look, said=said)

    def _examine(self, look: Look, issue: str, reader: SubscriberId | None) -> dict[str, Any]:
        try:
            return report(look, self.desk.examine(look, reader), self.desk.language)
        except NewsletterError as error:
            return {"problem": problem(error, self.desk.source(issue), self.desk.language)}

    async def picture(self, key: str) -> ShownPicture | None:
        """Return a picture of a letter that was drawn.

        An address that occurs in none can't be asked for.
        """
        address = self._addresses.get(key)
        if address is None:
            return None
        async with self._few_at_once:
            return await asyncio.to_thread(self.desk.picture, address)
