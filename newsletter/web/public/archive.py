"""The archive: the issues that went to everybody, as a page and an Atom feed, or as files.

An issue to a part of the list isn't listed: it was written for those subscribers.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.errors import IssueFileError
from newsletter.store import issues
from newsletter.web.public.atom_feed import FeedEntry, FeedHead, render_atom_feed
from newsletter.web.public.online_version import OnlineVersion
from newsletter.web.public.routing import get
from newsletter.web.public.site import PublicSite
from newsletter.web.public.templates import PageRenderer

_CACHE_FIVE_MINUTES = {"cache-control": "public, max-age=300"}
_LISTED_STATES = (IssueState.sent, IssueState.sending)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveEntry:
    """An issue in the archive."""

    issue_name: str
    started_at: datetime
    rendered: RenderedIssue


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStyle:
    """How links lead to the archive's pages: on our own site, or among its files."""

    #: What stands before "i/NAME", and after it.
    prefix: str
    suffix: str = ""
    page_name: str = "archive"
    is_own_site: bool = True

    def link_issue(self, issue_name: str) -> str:
        """Return the address of an issue's page."""
        return f"{self.prefix}i/{quote(issue_name, safe='')}{self.suffix}"


_AMONG_FILES = LinkStyle(prefix="", suffix=".html", page_name="index.html", is_own_site=False)


class Archive:
    """The page and the feed."""

    def __init__(self, site: PublicSite, renderer: PageRenderer) -> None:
        self.site = site
        self.renderer = renderer

    def build_routes(self) -> list[Route]:
        """Return the routes."""
        return [*get("/archive", self.show_page), Route("/feed.xml", self.show_feed)]

    async def show_page(self, _request: Request) -> Response:
        """Return the page."""
        entries = await asyncio.to_thread(self.list_entries)
        response = self.render_page(entries, LinkStyle(prefix=f"{self.site.base}/"))
        response.headers.update(_CACHE_FIVE_MINUTES)
        return response

    async def show_feed(self, _request: Request) -> Response:
        """Return the feed."""
        entries = await asyncio.to_thread(self.list_entries)
        feed = self.render_feed(entries, self._own_links)
        return Response(feed, media_type="application/atom+xml", headers=_CACHE_FIVE_MINUTES)

    @property
    def _own_links(self) -> LinkStyle:
        return LinkStyle(prefix=f"{self.site.public_url}/")

    def list_entries(self) -> list[ArchiveEntry]:
        """Return the issues that are listed, the newest first."""
        with self.site.database.read() as connection:
            found = issues.list_issues(connection, *_LISTED_STATES)
        return [
            ArchiveEntry(issue_name=issue.name, started_at=issue.started, rendered=issue.rendered)
            for issue in found
            if issue.rendered is not None and issue.started is not None and not issue.segment
        ]

    def render_page(self, entries: list[ArchiveEntry], links: LinkStyle) -> Response:
        """Return the page."""
        language = self.renderer.pick_language()
        rows = [
            {
                "url": links.link_issue(entry.issue_name),
                "subject": entry.rendered.subject,
                "preheader": entry.rendered.preheader,
                "language": entry.rendered.language,
                "iso": entry.started_at.date().isoformat(),
                "day": format_date(entry.started_at, "long", locale=language.replace("-", "_")),
            }
            for entry in entries
        ]
        values: dict[str, Any] = {}
        if not links.is_own_site:
            values["sheet"] = self.renderer.stylesheet_name
        return self.renderer.render(
            "archive",
            language,
            entries=rows,
            open=self.site.signup.open,
            home=links.is_own_site,
            public_url=self.site.public_url,
            **values,
        )

    def render_feed(self, entries: list[ArchiveEntry], links: LinkStyle) -> str:
        """Return the feed; ids are those of our own pages, wherever it is read."""
        site, own = self.site, self._own_links
        head = FeedHead(
            id=f"{site.public_url}/archive",
            title=site.title,
            language=site.language,
            updated=entries[0].started_at if entries else site.clock(),
            url=f"{links.prefix}feed.xml",
            page_url=f"{links.prefix}{links.page_name}",
        )
        return render_atom_feed(
            head,
            [
                FeedEntry(
                    id=own.link_issue(entry.issue_name),
                    url=links.link_issue(entry.issue_name),
                    title=entry.rendered.subject,
                    summary=entry.rendered.preheader,
                    language=entry.rendered.language,
                    updated=entry.started_at,
                )
                for entry in entries
            ],
        )

    def build(self, folder: Path, url: str = "") -> int:
        """Write index.html, feed.xml, the style sheet and an HTML file an issue; return how many.

        `url` is where the files will be read; "": the feed leads to our own pages.
        Raises IssueFileError where a file can't be written.
        """
        entries, online = self.list_entries(), OnlineVersion(self.site)
        feed_links = replace(_AMONG_FILES, prefix=f"{url}/") if url else self._own_links
        files = {
            "index.html": bytes(self.render_page(entries, _AMONG_FILES).body).decode(),
            "feed.xml": self.render_feed(entries, feed_links),
            self.renderer.stylesheet_name: bytes(self.renderer.render_stylesheet().body).decode(),
        }
        for entry in entries:
            name = f"i/{_to_file_name(entry.issue_name)}.html"
            files[name] = online.fill_placeholders(entry.rendered, entry.issue_name)
        _write_files(folder, files)
        return len(entries)


def _write_files(folder: Path, files: dict[str, str]) -> None:
    """Write each file whole: a web server that reads meanwhile never finds half of one."""
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


def _to_file_name(issue_name: str) -> str:
    """Return an issue's name as the name of a file: no path, nothing hidden."""
    return issue_name.replace("/", "_").replace("\\", "_").replace("\0", "").lstrip(".") or "_"
