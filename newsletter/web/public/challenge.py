"""The honeypot link, and the challenge for link scanners that followed it.

GET  /u|c|p/TOKEN/more   no person sees this link: whoever follows it is a program
"""

import asyncio
import logging

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.store import audit_log
from newsletter.web.public.bot_detection import PRESSES_PER_ALERT, ScannerDetector
from newsletter.web.public.forms import get_client_network
from newsletter.web.public.routing import get
from newsletter.web.public.site import PublicSite
from newsletter.web.public.templates import PageRenderer

log = logging.getLogger(__name__)


class ScannerChallenge:
    """Knows which clients are link scanners, and tells staff of bursts of their presses."""

    def __init__(self, site: PublicSite, renderer: PageRenderer) -> None:
        self.site = site
        self.renderer = renderer
        self.detector = ScannerDetector()

    def build_routes(self) -> list[Route]:
        """Return the routes of the honeypot of each kind of page."""
        return [
            route
            for kind in "ucp"
            for route in get(f"/{kind}/{{token}}/more", self.handle_honeypot)
        ]

    async def handle_honeypot(self, request: Request) -> Response:
        """Do nothing but remember that this client is a program."""
        self.detector.mark(self._hash_client(request), self.site.clock())
        return self.renderer.render("more", self.renderer.pick_language())

    async def is_needed(self, request: Request, pressed_by: str) -> bool:
        """Return True if a press is a program's, and is to be asked again.

        Staff read of bursts in `newsletter log`.
        """
        client = self._hash_client(request)
        count = self.detector.record_press(client, pressed_by, self.site.clock())
        if count:
            log.warning("scanner.held client=%s count=%d", client, count)
        if count % PRESSES_PER_ALERT == 1:
            await asyncio.to_thread(self._record_burst, client, count)
        return count > 0

    def _hash_client(self, request: Request) -> str:
        return self.site.keyed_hash(get_client_network(request))

    def _record_burst(self, client: str, count: int) -> None:
        with self.site.database.begin() as connection:
            audit_log.write(
                connection, self.site.clock(), "scanner.held", client=client, count=count
            )


def build_honeypot_link(path: str) -> str:
    """Return the link that only programs follow, for the path of a token's page."""
    return f"{path.rstrip('/').removesuffix('/undo').removesuffix('/sure').lstrip('/')}/more"
