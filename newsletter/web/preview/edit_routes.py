"""The routes by which the page's scripts change an issue.

GET  /TOKEN/editing?issue=         all that can be changed, with the version of the file
POST /TOKEN/edit                   {issue, version, edit} → {state, said}, or 409 {conflict, state}
POST /TOKEN/undo, /TOKEN/redo      {issue, force} → the same
GET  /TOKEN/leftout?issue=&q=      posts that could be added
GET  /TOKEN/readers?q=             subscribers whose letter can be looked at
GET  /TOKEN/difference?issue=      what is different from the issue before
POST /TOKEN/test                   {issue, address} → {said}
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from newsletter.compose.editing.apply_edit import EditConflict
from newsletter.compose.editing.diff import diff_issues
from newsletter.compose.issue_file.read import parse_issue
from newsletter.errors import NewsletterError
from newsletter.i18n import load_catalogue
from newsletter.web.errors import Status
from newsletter.web.preview import serializers
from newsletter.web.preview.backends import EditBackend
from newsletter.web.preview.edit_parser import parse_edit
from newsletter.web.preview.edit_session import EditApplied, EditSession
from newsletter.web.preview.json_request import read_json
from newsletter.web.preview.render_cache import RenderCache


@dataclass(frozen=True, slots=True)
class _Answer:
    """What becomes a JSON response."""

    value: object
    status: Status = Status.ok


class EditRoutes:
    """The routes that the editing scripts ask."""

    def __init__(self, cache: RenderCache, backend: EditBackend) -> None:
        self.cache = cache
        self.backend = backend
        self.session = EditSession(backend)

    def build_routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/editing", self.show_editable_issue),
            Route("/edit", self.edit, methods=["POST"]),
            Route("/undo", self.undo, methods=["POST"]),
            Route("/redo", self.redo, methods=["POST"]),
            Route("/leftout", self.search_unused_posts),
            Route("/readers", self.search_subscribers),
            Route("/difference", self.show_difference),
            Route("/test", self.send_test, methods=["POST"]),
        ]

    async def show_editable_issue(self, request: Request) -> Response:
        """Return all that can be changed of an issue."""
        issue = await self._require_issue_name(request.query_params.get("issue", ""))
        return await self._respond_with(lambda: self._serialize_state(issue))

    async def edit(self, request: Request) -> Response:
        """Make an edit."""
        value = await read_json(request)
        issue = await self._require_issue_name(value.get("issue"))

        def apply_edit() -> EditApplied | EditConflict:
            version = str(value.get("version"))
            seen_issue = self.session.load_seen_issue(issue, version)
            return self.session.edit(
                issue, version, parse_edit(value.get("edit"), seen_issue, self.backend)
            )

        return await self._respond_to_change(issue, apply_edit)

    async def undo(self, request: Request) -> Response:
        """Undo the last step."""
        value = await read_json(request)
        issue = await self._require_issue_name(value.get("issue"))
        return await self._respond_to_change(
            issue, lambda: self.session.undo(issue, force=value.get("force") is True)
        )

    async def redo(self, request: Request) -> Response:
        """Do the step again that was undone last."""
        value = await read_json(request)
        issue = await self._require_issue_name(value.get("issue"))
        return await self._respond_to_change(
            issue, lambda: self.session.redo(issue, force=value.get("force") is True)
        )

    async def search_unused_posts(self, request: Request) -> Response:
        """Return posts that could be added."""
        issue, words = (
            await self._require_issue_name(request.query_params.get("issue", "")),
            request.query_params.get("q", ""),
        )
        return await self._respond_with(
            lambda: [
                serializers.serialize_post(entry, self._language)
                for entry in self.backend.search_unused_posts(issue, words)
            ]
        )

    async def search_subscribers(self, request: Request) -> Response:
        """Return subscribers whose letter can be looked at."""
        words = request.query_params.get("q", "")
        return await self._respond_with(
            lambda: [
                serializers.serialize_subscriber(one)
                for one in self.backend.search_subscribers(words)
            ]
        )

    async def show_difference(self, request: Request) -> Response:
        """Return what is different from the issue before; null where there is none."""
        issue = await self._require_issue_name(request.query_params.get("issue", ""))

        def find_difference() -> dict[str, Any] | None:
            before = self.backend.find_previous_issue(issue)
            if before is None:
                return None
            was = parse_issue(self.backend.read_issue_text(before), issue_name=before)
            return serializers.serialize_difference(
                diff_issues(was, parse_issue(self.backend.read_issue_text(issue), issue_name=issue))
            )

        return await self._respond_with(find_difference)

    async def send_test(self, request: Request) -> Response:
        """Send the issue to one address."""
        value = await read_json(request)
        issue, address = (
            await self._require_issue_name(value.get("issue")),
            str(value.get("address", "")),
        )
        _ = load_catalogue(self._language).gettext

        def send() -> dict[str, str]:
            return {
                "said": (
                    _("A test has gone to {address}.").format(
                        address=self.backend.send_test(issue, address)
                    )
                )
            }

        return await self._respond_with(send)

    @property
    def _language(self) -> str:
        return self.cache.backend.language

    def _serialize_state(self, issue_name: str) -> dict[str, Any]:
        return serializers.serialize_state(
            self.session.load_issue(issue_name), self.backend, self._language
        )

    async def _require_issue_name(self, issue_name: object) -> str:
        if not isinstance(issue_name, str) or issue_name not in await self.cache.list_issue_names():
            raise HTTPException(Status.not_found)
        return issue_name

    async def _respond_to_change(
        self, issue_name: str, change: Callable[[], EditApplied | EditConflict]
    ) -> Response:
        def apply_change() -> _Answer:
            outcome = change()
            state = self._serialize_state(issue_name)
            if isinstance(outcome, EditConflict):
                conflict = serializers.serialize_conflict(outcome)
                return _Answer({"conflict": conflict, "state": state}, Status.conflict)
            description = outcome.description.translate(self._language)
            return _Answer({"state": state, "said": description})

        return await self._respond(apply_change)

    async def _respond_with(self, load: Callable[[], object]) -> Response:
        return await self._respond(lambda: _Answer(load()))

    async def _respond(self, action: Callable[[], _Answer]) -> Response:
        """Answer from a thread; with a sentence where an error has one for people."""
        try:
            answer = await asyncio.to_thread(action)
        except NewsletterError as error:
            answer = _Answer({"problem": error.translate(self._language)}, Status.unprocessable)
        except (ValueError, LookupError) as error:
            raise HTTPException(Status.bad_request) from error
        return JSONResponse(answer.value, status_code=answer.status)
