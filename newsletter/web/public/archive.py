"""The archive: the issues that went to everybody, as a page and as an Atom feed (RFC 4287), and as files for any web server.

An issue to a part of the list isn't listed: it was written for those readers.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain.issue import IssueState, Rendered
from newsletter.errors import IssueFileError
from newsletter.store import issues
from newsletter.web.public.pages import Pages
from newsletter.web.public.routing import get
from newsletter.web.public.site import Site
from newsletter.web.public.view import View

#: Issues in the feed, newest first.
IN_FEED = 30
_LISTED = (IssueState.sent, IssueState.sending)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An issue in the archive."""

    name: str
    at: datetime
    rendered: Rendered


class Archive:
    """The page and the feed."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self.site = site
        self.pages = pages

    def routes(self) -> list[Route]:
        """Return where they are."""
        return [*get("/archive", self.show), Route("/feed.xml", self.feed)]

    async def show(self, _request: Request) -> Response:
        """Return the page."""
        entries = await asyncio.to_thread(self.entries)
        response = self.page(entries, base=self.site.base)
        response.headers["cache-control"] = "public, max-age=300"
        return response

    async def feed(self, _request: Request) -> Response:
        """Return the feed."""
        text = self.atom(await asyncio.to_thread(self.entries), self.site.public_url)
        return Response(
            text,
            media_type="application/atom+xml",
            headers={"cache-control": "public, max-age=300"},
        )

    def entries(self) -> list[Entry]:
        """Return the issues that are listed, the newest first."""
        with self.site.database.read() as connection:
            found = issues.list_issues(connection, *_LISTED)
        return [
            Entry(name=issue.name, at=issue.started, rendered=issue.rendered)
            for issue in found
            if issue.rendered is not None and issue.started is not None and not issue.segment
        ]

    def page(
        self, entries: list[Entry], *, base: str, suffix: str = "", home: bool = True
    ) -> Response:
        """Return the page; `base` and `suffix` stand around the names in its links."""
        language = self.pages.language()
        rows = [
            {
                "url": (
                    f"{base}/i/{quote(entry.name, safe='')}{suffix}"
                    if base or home
                    else f"i/{quote(entry.name, safe='')}{suffix}"
                ),
                "subject": entry.rendered.subject,
                "preheader": entry.rendered.preheader,
                "language": entry.rendered.language,
                "iso": entry.at.date().isoformat(),
                "day": format_date(entry.at, "long", locale=language.replace("-", "_")),
            }
            for entry in entries
        ]
        values: dict[str, Any] = {} if home else {"sheet": self.pages.style_name}
        return self.pages.page(
            "archive",
            language,
            entries=rows,
            open=self.site.signup.open,
            home=home,
            public_url=self.site.public_url,
            **values,
        )

    def atom(
        self, entries: list[Entry], public_url: str, *, suffix: str = "", name: str = "archive"
    ) -> str:
        """Return the feed, whose addresses begin with `public_url`."""
        site = self.site
        updated = entries[0].at if entries else site.clock()
        parts = [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(site.language)}>',
            f"<title>{_text(site.title)}</title>",
            f"<id>{_text(site.public_url)}/archive</id>",
            f"<updated>{_stamp(updated)}</updated>",
            f"<author><name>{_text(site.title)}</name></author>",
            (
                '<link rel="self" type="application/atom+xml"'
                f" href={quoteattr(f'{public_url}/feed.xml')}/>"
            ),
            f'<link rel="alternate" type="text/html" href={quoteattr(f"{public_url}/{name}")}/>',
        ]
        for entry in entries[:IN_FEED]:
            url = f"{public_url}/i/{quote(entry.name, safe='')}{suffix}"
            parts.append(
                "<entry"
                f" xml:lang={quoteattr(entry.rendered.language)}><title>{_text(entry.rendered.subject)}</title>"
                f"<id>{_text(site.public_url)}/i/{quote(entry.name, safe='')}</id><updated>{_stamp(entry.at)}</updated>"
                f'<link rel="alternate" type="text/html" href={quoteattr(url)}/>'
                f"<summary>{_text(entry.rendered.preheader)}</summary></entry>"
            )
        return "\n".join([*parts, "</feed>", ""])

    def build(self, folder: Path, url: str = "") -> int:
        """Write the archive as files.

        Index.html, feed.xml, the style sheet and an HTML file an issue. Returns how many issues.

        `url` is where the files will be read; "": the feed leads to our own pages.
        Raises IssueFileError where a file can't be written.
        """
        entries, view = self.entries(), View(self.site)
        files = {
            "index.html": (
                bytes(self.page(entries, base="", suffix=".html", home=False).body).decode()
            ),
            "feed.xml": (
                self.atom(entries, url, suffix=".html", name="index.html")
                if url
                else self.atom(entries, self.site.public_url)
            ),
            self.pages.style_name: bytes(self.pages.style().body).decode(),
        }
        for entry in entries:
            files[f"i/{_file_name(entry.name)}.html"] = view.filled(entry.rendered, entry.name)
        try:
            for name, text in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                partial = path.with_name(f".{path.name}.part")
                partial.write_text(text, encoding="utf-8")
                partial.replace(path)
        except OSError as error:
            raise IssueFileError(
                "{path} can't be written ({cause}). Choose another place.",
                path=folder,
                cause=error.strerror,
            ) from error
        return len(entries)


def _file_name(name: str) -> str:
    """Return an issue's name as the name of a file: no path, nothing hidden."""
    return name.replace("/", "_").replace("\\", "_").replace("\0", "").lstrip(".") or "_"


def _text(text: str) -> str:
    return escape("".join(c for c in text if c.isprintable()))


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
