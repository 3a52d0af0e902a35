"""What the page's scripts ask for to change an issue.

GET  /TOKEN/editing?issue=         all that can be changed, with the version of the file
POST /TOKEN/edit                   {issue, version, edit} → {state, said}, or 409 {conflict, state}
POST /TOKEN/undo, /TOKEN/redo      {issue, force} → the same
GET  /TOKEN/leftout?issue=&q=      posts that could be added
GET  /TOKEN/readers?q=             readers whose letter can be looked at
GET  /TOKEN/difference?issue=      what is different from the issue before
POST /TOKEN/test                   {issue, address} → {said}
"""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from newsletter.compose.difference import difference
from newsletter.compose.issue_file import parse
from newsletter.compose.revising import Conflict
from newsletter.errors import NewsletterError
from newsletter.i18n import catalogue
from newsletter.web.preview import told
from newsletter.web.preview.asked import asked
from newsletter.web.preview.bench import Bench, Done
from newsletter.web.preview.desk import Editor
from newsletter.web.preview.posting import posted
from newsletter.web.preview.studio import Studio


class Changing:
    """The pages' addresses for changes."""

    def __init__(self, studio: Studio, editor: Editor) -> None:
        self.studio = studio
        self.editor = editor
        self.bench = Bench(editor)

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/editing", self.editing),
            Route("/edit", self.edit, methods=["POST"]),
            Route("/undo", self.undo, methods=["POST"]),
            Route("/redo", self.redo, methods=["POST"]),
            Route("/leftout", self.left_out),
            Route("/readers", self.readers),
            Route("/difference", self.difference),
            Route("/test", self.test, methods=["POST"]),
        ]

    async def editing(self, request: Request) -> Response:
        """Return all that can be changed of an issue."""
        issue = await self._issue(request.query_params.get("issue", ""))
        return await self._answered(lambda: self._state(issue))

    async def edit(self, request: Request) -> Response:
        """Make an edit."""
        value = await posted(request)
        issue = await self._issue(value.get("issue"))

        def change() -> Done | Conflict:
            number = str(value.get("version"))
            return self.bench.edit(
                issue, number, asked(value.get("edit"), self.bench.seen(issue, number), self.editor)
            )

        return await self._changed(issue, change)

    async def undo(self, request: Request) -> Response:
        """Undo the last step."""
        value = await posted(request)
        issue = await self._issue(value.get("issue"))
        return await self._changed(
            issue, lambda: self.bench.undo(issue, force=value.get("force") is True)
        )

    async def redo(self, request: Request) -> Response:
        """Do the step again that was undone last."""
        value = await posted(request)
        issue = await self._issue(value.get("issue"))
        return await self._changed(
            issue, lambda: self.bench.redo(issue, force=value.get("force") is True)
        )

    async def left_out(self, request: Request) -> Response:
        """Return posts that could be added."""
        issue, words = (
            await self._issue(request.query_params.get("issue", "")),
            request.query_params.get("q", ""),
        )
        return await self._answered(
            lambda: [
                told.post(entry, self._language) for entry in self.editor.left_out(issue, words)
            ]
        )

    async def readers(self, request: Request) -> Response:
        """Return readers whose letter can be looked at."""
        words = request.query_params.get("q", "")
        return await self._answered(
            lambda: [told.reader(one) for one in self.editor.readers(words)]
        )

    async def difference(self, request: Request) -> Response:
        """Return what is different from the issue before; null where there is none."""
        issue = await self._issue(request.query_params.get("issue", ""))

        def find() -> dict[str, Any] | None:
            before = self.editor.before(issue)
            if before is None:
                return None
            was = parse(self.editor.text(before), name=before)
            return told.difference(difference(was, parse(self.editor.text(issue), name=issue)))

        return await self._answered(find)

    async def test(self, request: Request) -> Response:
        """Send the issue to one address."""
        value = await posted(request)
        issue, address = await self._issue(value.get("issue")), str(value.get("address", ""))
        _ = catalogue(self._language).gettext

        def send() -> dict[str, str]:
            return {
                "said": (
                    _("A test has gone to {address}.").format(
                        address=self.editor.send_test(issue, address)
                    )
                )
            }

        return await self._answered(send)

    @property
    def _language(self) -> str:
        return self.studio.desk.language

    def _state(self, issue: str) -> dict[str, Any]:
        return told.state(self.bench.state(issue), self.editor, self._language)

    async def _issue(self, name: object) -> str:
        if not isinstance(name, str) or name not in await self.studio.issues():
            raise HTTPException(404)
        return name

    async def _changed(self, issue: str, change: Callable[[], Done | Conflict]) -> Response:
        def run() -> tuple[dict[str, Any], int]:
            outcome = change()
            state = self._state(issue)
            if isinstance(outcome, Conflict):
                return {"conflict": told.conflict(outcome), "state": state}, 409
            return {"state": state, "said": outcome.said.say(self._language)}, 200

        return await self._answered(run)

    async def _answered(self, run: Callable[[], Any]) -> Response:
        """Answer with a value, or with a value and a status.

        With 422 and a sentence where it can't be done.
        """
        try:
            found = await asyncio.to_thread(run)
        except NewsletterError as error:
            return JSONResponse({"problem": error.say(self._language)}, status_code=422)
        except (ValueError, LookupError) as error:
            raise HTTPException(400) from error
        value, status = found if isinstance(found, tuple) else (found, 200)
        return JSONResponse(value, status_code=status)
