"""What the pages behind a token share: whom it names, their language, and the scanner's challenge.

The token in the path is the only authority; there is no session and no cookie.
"""

from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from newsletter.domain.subscriber import SubscriberId
from newsletter.mail.tokens import Purpose
from newsletter.web.errors import Status
from newsletter.web.public.bot_detection import BUTTON_FIELD
from newsletter.web.public.challenge import ScannerChallenge, build_honeypot_link
from newsletter.web.public.forms import FormData
from newsletter.web.public.site import PublicSite
from newsletter.web.public.templates import PageRenderer, mask_address

#: The end of the address that the challenge's button posts to.
CHALLENGE_SUFFIX = "/sure"


class Addressee(Protocol):
    """Whom a page speaks to: a subscriber, or somebody who is about to become one."""

    @property
    def email(self) -> str:
        """Their address."""

    @property
    def language(self) -> str:
        """Their language; "" where it isn't known."""


class TokenPage:
    """The base of all pages whose path holds a token."""

    def __init__(
        self, site: PublicSite, renderer: PageRenderer, challenge: ScannerChallenge
    ) -> None:
        self.site = site
        self.renderer = renderer
        self.challenge = challenge

    def verify_token(self, request: Request, purpose: Purpose) -> SubscriberId:
        """Return whom the token in the path names. Raises TokenError."""
        return self.site.keys.verify(purpose, request.path_params["token"])

    def pick_language(self, addressee: Addressee | None) -> str:
        """Return the language to speak to somebody in; the newsletter's to nobody in particular."""
        return self.renderer.pick_language(addressee.language if addressee is not None else "")

    def render(
        self,
        request: Request,
        template: str,
        addressee: Addressee | None,
        *,
        status: Status = Status.ok,
        has_honeypot: bool = False,
        **values: Any,
    ) -> Response:
        """Return a page in the addressee's language, with their address masked."""
        return self.renderer.render(
            template,
            self.pick_language(addressee),
            status=status,
            token=request.path_params["token"],
            address=mask_address(addressee.email) if addressee is not None else "",
            trap=build_honeypot_link(request.url.path) if has_honeypot else "",
            **values,
        )

    async def find_challenge(self, request: Request, form: FormData) -> Response | None:
        """Return the page that asks to press once more; None where the press counts.

        Only a program that was seen to follow every link is asked.
        """
        path = request.url.path.rstrip("/")
        if path.endswith(CHALLENGE_SUFFIX):
            return None
        if not await self.challenge.is_needed(request, form.get(BUTTON_FIELD)):
            return None
        action = f"{path.lstrip('/')}{CHALLENGE_SUFFIX}"
        return self.renderer.render("held", self.renderer.pick_language(), action=action)
