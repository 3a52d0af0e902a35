"""Sign up: a form, a mail, a button.

    GET  /subscribe      the form
    POST /subscribe      a mail goes to the address; the page says the same whoever it belongs to
    GET  /c/TOKEN        asks once more; changes nothing, because scanners open every link
    POST /c/TOKEN        the button: on the list, or one end of an address change

A field that no person sees catches programs that fill in everything; they get the usual answer.
"""

import asyncio
import logging
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.domain import confirmation as domain
from newsletter.errors import AddressError, TokenError
from newsletter.i18n import Phrase
from newsletter.mail.tokens import Purpose
from newsletter.store import confirmations
from newsletter.subscribers import preferences, signup
from newsletter.web.errors import Status
from newsletter.web.public.forms import FormData, get_client_network, read_form
from newsletter.web.public.routing import get, post
from newsletter.web.public.token_page import TokenPage

log = logging.getLogger(__name__)
#: The field that no person sees.
HONEYPOT_FIELD = "website"
CONSENT_WORDING = Phrase("I want letters from {title} by e-mail. I can leave whenever I like.")
_CONFIRMED_AT_ATTRIBUTES = {
    Purpose.move_from: "old_confirmed_at",
    Purpose.move_to: "new_confirmed_at",
}


class SubscribeRoutes(TokenPage):
    """The form, and the page of a confirmation's link."""

    def build_routes(self) -> list[Route]:
        """Return the routes."""
        form, own = "/subscribe", "/c/{token}"
        return [
            *get(form, self.show_form),
            *post(form, self.submit),
            *get(own, self.ask_to_confirm),
            *post(own, self.confirm),
            *post(f"{own}/sure", self.confirm),
        ]

    async def show_form(self, request: Request) -> Response:
        """Show the form."""
        self._require_open()
        return self._render_form(self._pick_form_language(request))

    async def submit(self, request: Request) -> Response:
        """Take a sign-up, and say that a mail is on its way."""
        self._require_open()
        form, language = await read_form(request), self._pick_form_language(request)
        if form.get(HONEYPOT_FIELD):
            return self.renderer.render("asked", language)
        wish = self._build_signup_request(form, language)
        try:
            result = await asyncio.to_thread(
                self._request_signup, wish, get_client_network(request)
            )
        except AddressError:
            return self._render_form(language, is_wrong=True)
        if result is signup.SignUpResult.too_many:
            return self.renderer.render("many", language, status=Status.too_many)
        return self.renderer.render("asked", language)

    async def ask_to_confirm(self, request: Request) -> Response:
        """Ask for the last press."""
        purpose, confirmation_id = self._verify_confirmation(request)
        found = await asyncio.to_thread(self._load_confirmation, confirmation_id)
        return self._render_confirmation(request, purpose, found, is_pressed=False)

    async def confirm(self, request: Request) -> Response:
        """Complete what was asked for: double opt-in, or one end of an address change."""
        purpose, confirmation_id = self._verify_confirmation(request)
        if challenge := await self.find_challenge(request, await read_form(request)):
            return challenge
        found = await asyncio.to_thread(self._confirm, purpose, confirmation_id)
        return self._render_confirmation(request, purpose, found, is_pressed=True)

    def _require_open(self) -> None:
        if not self.site.signup.open:
            raise HTTPException(Status.not_found)

    def _pick_form_language(self, request: Request) -> str:
        """Return the language of the form: what its address says, if it is offered."""
        wanted = request.query_params.get("lang", "")
        return self.renderer.pick_language(wanted if wanted in self.site.signup.languages else "")

    def _render_form(self, language: str, *, is_wrong: bool = False) -> Response:
        return self.renderer.render(
            "subscribe",
            language,
            status=Status.unprocessable if is_wrong else Status.ok,
            wrong=is_wrong,
            wording=self._get_consent_wording(language),
            honeypot=HONEYPOT_FIELD,
            languages=self.renderer.list_languages(),
            tags=self.site.signup.tags,
        )

    def _get_consent_wording(self, language: str) -> str:
        return self.site.signup.wording or Phrase(
            CONSENT_WORDING.text, title=self.site.title
        ).translate(language)

    def _build_signup_request(self, form: FormData, language: str) -> signup.SignUpRequest:
        options = self.site.signup
        chosen = form.get("language")
        return signup.SignUpRequest(
            email=form.get("email"),
            language=chosen if chosen in options.languages else language,
            tags=tuple(tag for tag in options.tags if tag in form.getlist("tag")),
            wording=self._get_consent_wording(language),
        )

    def _request_signup(
        self, signup_request: signup.SignUpRequest, client: str
    ) -> signup.SignUpResult:
        with self.site.database.begin() as connection:
            return signup.request_signup(
                connection,
                signup_request,
                self.site.keyed_hash,
                self.site.clock(),
                client_address=client,
            )

    def _verify_confirmation(self, request: Request) -> tuple[Purpose, domain.ConfirmationId]:
        token = request.path_params["token"]
        for purpose in (Purpose.confirm, Purpose.move_from):
            try:
                return purpose, self.site.keys.verify_confirmation(purpose, token)
            except TokenError:
                continue
        return Purpose.move_to, self.site.keys.verify_confirmation(Purpose.move_to, token)

    def _load_confirmation(
        self, confirmation_id: domain.ConfirmationId
    ) -> domain.PendingConfirmation | None:
        with self.site.database.read() as connection:
            return confirmations.find_confirmation(connection, confirmation_id)

    def _confirm(
        self, purpose: Purpose, confirmation_id: domain.ConfirmationId
    ) -> domain.PendingConfirmation | None:
        now = self.site.clock()
        with self.site.database.begin() as connection:
            found = confirmations.find_confirmation(connection, confirmation_id)
            if found is None:
                return None
            if purpose in _CONFIRMED_AT_ATTRIBUTES:
                return preferences.confirm_address_change(
                    connection, found, _CONFIRMED_AT_ATTRIBUTES[purpose], now
                )
            joined = signup.confirm_signup(
                connection, found, self.site.keyed_hash, now, send_welcome=self.site.signup.welcome
            )
            if joined is None:
                return None
            found = confirmations.find_confirmation(connection, confirmation_id)
        log.info("subscriber.confirmed subscriber=%d", joined)
        return found

    def _render_confirmation(
        self,
        request: Request,
        purpose: Purpose,
        confirmation: domain.PendingConfirmation | None,
        *,
        is_pressed: bool,
    ) -> Response:
        confirmed_at = _CONFIRMED_AT_ATTRIBUTES.get(purpose)
        template = _choose_template(
            confirmation, confirmed_at, self.site.clock(), is_pressed=is_pressed
        )
        return self.render(
            request,
            template,
            confirmation,
            status=Status.gone if confirmation is None else Status.ok,
            has_honeypot=template == "confirm",
            move=confirmed_at is not None,
            open=self.site.signup.open,
        )


def _choose_template(
    confirmation: domain.PendingConfirmation | None,
    confirmed_at: str | None,
    now: datetime,
    *,
    is_pressed: bool,
) -> str:
    """Return the template for a confirmation as it is after the link was opened, or pressed.

    `confirmed_at`: the attribute of the end of an address change; None for a sign-up.
    """
    if confirmation is None:
        return "old"
    if confirmation.completed_at is not None:
        if confirmed_at is not None:
            return "moved"
        return "joined" if is_pressed else "old"
    if not confirmation.is_pending(now):
        return "old"
    if confirmed_at is not None and getattr(confirmation, confirmed_at) is not None:
        return "half"
    return "confirm"
