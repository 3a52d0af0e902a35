"""Sign up: a form, a mail, a button.

    GET  /subscribe      the form
    POST /subscribe      a mail goes to the address; the page says the same whoever it belongs to
    GET  /c/TOKEN        asks once more; changes nothing, because scanners open every link
    POST /c/TOKEN        the button: on the list, or one end of an address change

A field that no person sees catches programs that fill in everything; they get the usual answer.
"""

import asyncio
import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain import request as domain
from newsletter.errors import AddressError, TokenError
from newsletter.i18n import Phrase
from newsletter.mail.tokens import Purpose
from newsletter.store import requests
from newsletter.subscribers import joining, preferences
from newsletter.web.public.forms import Form, client_of, form
from newsletter.web.public.pages import Pages, veiled
from newsletter.web.public.routing import get, post
from newsletter.web.public.scanners import FIELD
from newsletter.web.public.site import Site

log = logging.getLogger(__name__)
#: The field that no person sees.
HONEYPOT = "website"
WORDING = Phrase("I want letters from {title} by e-mail. I can leave whenever I like.")
_ENDS = {Purpose.move_from: "old_end", Purpose.move_to: "new_end"}


class Subscribe:
    """The pages about signing up."""

    def __init__(self, site: Site, pages: Pages) -> None:
        self.site = site
        self.pages = pages

    def routes(self) -> list[Route]:
        """Return where they are."""
        form, own = "/subscribe", "/c/{token}"
        return [
            *get(form, self.show), *post(form, self.take),
            *get(own, self.look), *post(own, self.confirm), *post(f"{own}/sure", self.confirm),
        ]  # fmt: skip

    async def show(self, request: Request) -> Response:
        """Show the form."""
        self._refuse_closed()
        return self._form(self._language(request))

    async def take(self, request: Request) -> Response:
        """Take a sign-up, and say that a mail is on its way."""
        self._refuse_closed()
        said, language = await form(request), self._language(request)
        if said.one(HONEYPOT):
            return self.pages.page("asked", language)
        wish = self._wish(said, language)
        try:
            asked = await asyncio.to_thread(self._ask, wish, client_of(request))
        except AddressError:
            return self._form(language, wrong=True)
        if asked is joining.Asked.too_many:
            return self.pages.page("many", language, status=429)
        return self.pages.page("asked", language)

    async def look(self, request: Request) -> Response:
        """Ask for the last press."""
        purpose, number = self._whose(request)
        found = await asyncio.to_thread(self._look, number)
        return self._confirmation(request, purpose, found, pressed=False)

    async def confirm(self, request: Request) -> Response:
        """Let it come true."""
        purpose, number = self._whose(request)
        said = await form(request)
        if not request.url.path.rstrip("/").endswith("/sure") and await self.pages.held(
            request, said.one(FIELD)
        ):
            return self.pages.page(
                "held", self.pages.language(), action=f"c/{request.path_params['token']}/sure"
            )
        found = await asyncio.to_thread(self._confirm, purpose, number)
        return self._confirmation(request, purpose, found, pressed=True)

    def _refuse_closed(self) -> None:
        if not self.site.signup.open:
            raise HTTPException(404)

    def _language(self, request: Request) -> str:
        """Return the language of the form: what its address says, if it is offered."""
        wanted = request.query_params.get("lang", "")
        return self.pages.language(wanted if wanted in self.site.signup.languages else "")

    def _form(self, language: str, *, wrong: bool = False) -> Response:
        return self.pages.page(
            "subscribe",
            language,
            status=422 if wrong else 200,
            wrong=wrong,
            wording=self._wording(language),
            honeypot=HONEYPOT,
            languages=self.pages.language_names(),
            tags=self.site.signup.tags,
        )

    def _wording(self, language: str) -> str:
        return self.site.signup.wording or Phrase(WORDING.text, title=self.site.title).say(language)

    def _wish(self, said: Form, language: str) -> joining.Wish:
        signup = self.site.signup
        chosen = said.one("language")
        return joining.Wish(
            email=said.one("email"),
            language=chosen if chosen in signup.languages else language,
            tags=tuple(tag for tag in signup.tags if tag in said.several("tag")),
            wording=self._wording(language),
        )

    def _ask(self, wish: joining.Wish, client: str) -> joining.Asked:
        with self.site.database.begin() as connection:
            return joining.ask(connection, wish, self.site.seal, self.site.clock(), client=client)

    def _whose(self, request: Request) -> tuple[Purpose, domain.RequestId]:
        token = request.path_params["token"]
        for purpose in (Purpose.confirm, Purpose.move_from):
            try:
                return purpose, self.site.keys.verify_request(purpose, token)
            except TokenError:
                continue
        return Purpose.move_to, self.site.keys.verify_request(Purpose.move_to, token)

    def _look(self, number: domain.RequestId) -> domain.Request | None:
        with self.site.database.read() as connection:
            return requests.find_confirmation(connection, number)

    def _confirm(self, purpose: Purpose, number: domain.RequestId) -> domain.Request | None:
        now = self.site.clock()
        with self.site.database.begin() as connection:
            found = requests.find_confirmation(connection, number)
            if found is None:
                return None
            if purpose in _ENDS:
                return preferences.confirm_move(connection, found, _ENDS[purpose], now)
            joined = joining.confirm(
                connection, found, self.site.seal, now, welcome=self.site.signup.welcome
            )
            if joined is None:
                return None
            found = requests.find_confirmation(connection, number)
        log.info("subscriber.confirmed subscriber=%d", joined)
        return found

    def _confirmation(
        self, request: Request, purpose: Purpose, found: domain.Request | None, *, pressed: bool
    ) -> Response:
        language = self.pages.language(found.language if found is not None else "")
        now = self.site.clock()
        end = _ENDS.get(purpose)
        if (
            found is None
            or (found.used is None and not found.is_open(now))
            or (found.used is not None and not pressed and end is None)
        ):
            return self.pages.page(
                "old", language, status=410 if found is None else 200, open=self.site.signup.open
            )
        done = found.used is not None or (end is not None and getattr(found, end) is not None)
        if not done:
            return self.pages.page(
                "confirm",
                language,
                token=request.path_params["token"],
                move=end is not None,
                trap=self.pages.trap(request),
            )
        if end is not None:
            return self.pages.page("moved" if found.used is not None else "half", language)
        return self.pages.page("joined", language, address=veiled(found.email))
