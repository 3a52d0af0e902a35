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

from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.errors import IssueFileError
from newsletter.store import issues
from newsletter.web.public.online_version import OnlineVersion
from newsletter.web.public.routing import get
from newsletter.web.public.site import PublicSite
from newsletter.web.public.templates import PageRenderer

#: Issues in the feed, newest first.
MAX_FEED_ENTRIES = 30
_LISTED_STATES = (IssueState.sent, IssueState.sending)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveEntry:
    """An issue in the archive."""

    issue_name: str
    started_at: datetime
    rendered: RenderedIssue


class Archive:
    """The page and the feed."""

    def __init__(self, site: PublicSite, renderer: PageRenderer) -> None:
        self.site = site
        self.renderer = renderer

    def build_routes(self) -> list[Route]:
        """Return where they are."""
        return [*get("/archive", self.show_page), Route("/feed.xml", self.show_feed)]

    async def show_page(self, _request: Request) -> Response:
        """Return the page."""
        entries = await asyncio.to_thread(self.list_entries)
        response = self.render_page(entries, base=self.site.base)
        response.headers["cache-control"] = "public, max-age=300"
        return response

    async def show_feed(self, _request: Request) -> Response:
        """Return the feed."""
        text = self.render_atom_feed(
            await asyncio.to_thread(self.list_entries), self.site.public_url
        )
        return Response(
            text,
            media_type="application/atom+xml",
            headers={"cache-control": "public, max-age=300"},
        )

    def list_entries(self) -> list[ArchiveEntry]:
        """Return the issues that are listed, the newest first."""
        with self.site.database.read() as connection:
            found = issues.list_issues(connection, *_LISTED_STATES)
        return [
            ArchiveEntry(issue_name=issue.name, started_at=issue.started, rendered=issue.rendered)
            for issue in found
            if issue.rendered is not None and issue.started is not None and not issue.segment
        ]

    def render_page(
        self, entries: list[ArchiveEntry], *, base: str, suffix: str = "", is_own_site: bool = True
    ) -> Response:
        """Return the page; `base` and `suffix` stand around the names in its links."""
        language = self.renderer.pick_language()
        rows = [
            {
                "url": (
                    f"{base}/i/{quote(entry.issue_name, safe='')}{suffix}"
                    if base or is_own_site
                    else f"i/{quote(entry.issue_name, safe='')}{suffix}"
                ),
                "subject": entry.rendered.subject,
                "preheader": entry.rendered.preheader,
                "language": entry.rendered.language,
                "iso": entry.started_at.date().isoformat(),
                "day": format_date(entry.started_at, "long", locale=language.replace("-", "_")),
            }
            for entry in entries
        ]
        values: dict[str, Any] = {} if is_own_site else {"sheet": self.renderer.stylesheet_name}
        return self.renderer.render(
            "archive",
            language,
            entries=rows,
            open=self.site.signup.open,
            home=is_own_site,
            public_url=self.site.public_url,
            **values,
        )

    def render_atom_feed(
        self,
        entries: list[ArchiveEntry],
        public_url: str,
        *,
        suffix: str = "",
        page_name: str = "archive",
    ) -> str:
        """Return the feed, whose addresses begin with `public_url`."""
        site = self.site
        updated = entries[0].started_at if entries else site.clock()
        parts = [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(site.language)}>',
            f"<title>{_escape_text(site.title)}</title>",
            f"<id>{_escape_text(site.public_url)}/archive</id>",
            f"<updated>{_format_timestamp(updated)}</updated>",
            f"<author><name>{_escape_text(site.title)}</name></author>",
            (
                '<link rel="self" type="application/atom+xml"'
                f" href={quoteattr(f'{public_url}/feed.xml')}/>"
            ),
            f'<link rel="alternate" type="text/html" href={quoteattr(f"{public_url}/{page_name}")}/>',
        ]
        for entry in entries[:MAX_FEED_ENTRIES]:
            url = f"{public_url}/i/{quote(entry.issue_name, safe='')}{suffix}"
            parts.append(
                "<entry"
                f" xml:lang={quoteattr(entry.rendered.language)}><title>{_escape_text(entry.rendered.subject)}</title>"
                f"<id>{_escape_text(site.public_url)}/i/{quote(entry.issue_name, safe='')}</id><updated>{_format_timestamp(entry.started_at)}</updated>"
                f'<link rel="alternate" type="text/html" href={quoteattr(url)}/>'
                f"<summary>{_escape_text(entry.rendered.preheader)}</summary></entry>"
            )
        return "\n".join([*parts, "</feed>", ""])

    def build(self, folder: Path, url: str = "") -> int:
        """Write the archive as files.

        Index.html, feed.xml, the style sheet and an HTML file an issue. Returns how many issues.

        `url` is where the files will be read; "": the feed leads to our own pages.
        Raises IssueFileError where a file can't be written.
        """
        entries, view = self.list_entries(), OnlineVersion(self.site)
        files = {
            "index.html": (
                bytes(
                    self.render_page(entries, base="", suffix=".html", is_own_site=False).body
                ).decode()
            ),
            "feed.xml": (
                self.render_atom_feed(entries, url, suffix=".html", page_name="index.html")
                if url
                else self.render_atom_feed(entries, self.site.public_url)
            ),
            self.renderer.stylesheet_name: bytes(self.renderer.render_stylesheet().body).decode(),
        }
        for entry in entries:
            files[f"i/{_to_file_name(entry.issue_name)}.html"] = view.fill_placeholders(
                entry.rendered, entry.issue_name
            )
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


def _to_file_name(issue_name: str) -> str:
    """Return an issue's name as the name of a file: no path, nothing hidden."""
    return issue_name.replace("/", "_").replace("\\", "_").replace("\0", "").lstrip(".") or "_"


def _escape_text(text: str) -> str:
    return escape("".join(c for c in text if c.isprintable()))


def _format_timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
