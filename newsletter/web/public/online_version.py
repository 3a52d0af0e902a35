"""The online version of an issue ("view in browser"), with nothing in it of one subscriber."""

import asyncio
import html

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from newsletter.domain.issue import IssueState, RenderedIssue
from newsletter.i18n import Phrase
from newsletter.store import issues
from newsletter.web.errors import Status
from newsletter.web.public.routing import get
from newsletter.web.public.site import PublicSite

#: Mail brings its styles within the page; scripts never run. Pictures may come from where the post
#: has them.
ISSUE_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'none'"
)
#: Subscribers have got it; a cancelled issue may have gone out to some.
_PUBLISHED_STATES = (IssueState.sending, IssueState.paused, IssueState.sent, IssueState.cancelled)
_GENERIC_ADDRESS = Phrase("your address")


class OnlineVersion:
    """The page of one issue."""

    def __init__(self, site: PublicSite) -> None:
        self.site = site

    def build_routes(self) -> list[Route]:
        """Return the route."""
        return get("/i/{name}", self.show_issue)

    async def show_issue(self, request: Request) -> Response:
        """Return the issue; 404 where it wasn't sent."""
        name = request.path_params["name"]
        rendered = await asyncio.to_thread(self._load_rendered, name)
        if rendered is None:
            raise HTTPException(Status.not_found)
        headers = {
            "content-security-policy": ISSUE_CONTENT_SECURITY_POLICY,
            "cache-control": "public, max-age=300",
        }
        return HTMLResponse(self.fill_placeholders(rendered, name), headers=headers)

    def _load_rendered(self, issue_name: str) -> RenderedIssue | None:
        with self.site.database.read() as connection:
            found = issues.find_issue(connection, issue_name)
        return found.rendered if found is not None and found.state in _PUBLISHED_STATES else None

    def fill_placeholders(self, rendered: RenderedIssue, issue_name: str) -> str:
        """Return the HTML with every slot filled for nobody in particular."""
        general = {
            "email": _GENERIC_ADDRESS.translate(rendered.language),
            "unsubscribe_url": f"{self.site.public_url}/u",
            "preferences_url": f"{self.site.public_url}/u",
            "view_url": f"{self.site.public_url}/i/{issue_name}",
        }
        text = rendered.html
        for slot, placeholder in rendered.slots.items():
            text = text.replace(placeholder, html.escape(general.get(slot, "")))
        return text
