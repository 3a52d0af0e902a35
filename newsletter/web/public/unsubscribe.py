"""Unsubscribe: a page that asks, a POST that does it, and a way back for a day.

    GET  /u/TOKEN        asks; changes nothing, because scanners open every link
    POST /u/TOKEN        unsubscribes: our button and a mail program's one-click POST (RFC 8058)
    POST /u/TOKEN/undo   takes that back
    POST /u/TOKEN/why    counts a reason, without a name; nobody has to give one

The token is enough: any form of POST works, for ever. Only the button of our page, pressed by a
program that was seen to follow every link (`bot_detection`), is asked to press once more.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.domain.subscriber import Subscriber, SubscriberId, SubscriberStatus
from newsletter.i18n import Phrase
from newsletter.mail.tokens import Purpose
from newsletter.store import rate_counters, subscribers, suppressions, unsubscribe_reasons
from newsletter.subscribers import suppression
from newsletter.web.public.challenge import ScannerChallenge
from newsletter.web.public.forms import read_form
from newsletter.web.public.group_commit import GroupCommit
from newsletter.web.public.routing import get, post
from newsletter.web.public.site import PublicSite
from newsletter.web.public.templates import PageRenderer
from newsletter.web.public.token_page import TokenPage

log = logging.getLogger(__name__)
#: Why subscribers leave, as `unsubscribe_reasons` counts it.
UNSUBSCRIBE_REASONS = {
    "often": Phrase("There are too many letters"),
    "content": Phrase("They aren't about what interests me"),
    "never": Phrase("I never asked for them"),
    "other": Phrase("Something else"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionStatus:
    """How a subscriber stands; None where they have been erased."""

    subscriber: Subscriber | None
    can_undo: bool = False

    @property
    def is_subscribed(self) -> bool:
        """Return True if they are on the list."""
        return self.subscriber is not None and self.subscriber.status in (
            SubscriberStatus.active,
            SubscriberStatus.pending,
        )


class UnsubscribeRoutes(TokenPage):
    """The pages of the unsubscribe link."""

    def __init__(
        self, site: PublicSite, renderer: PageRenderer, challenge: ScannerChallenge
    ) -> None:
        super().__init__(site, renderer, challenge)
        self._unsubscribe = GroupCommit(self._unsubscribe_all)

    def build_routes(self) -> list[Route]:
        """Return the routes. Whoever reloads the page after "undo" sees how things stand."""
        own = "/u/{token}"
        return [
            *get(own, self.ask_to_unsubscribe),
            *post(own, self.unsubscribe),
            *post(f"{own}/sure", self.unsubscribe),
            *get(f"{own}/undo", self.ask_to_unsubscribe),
            *post(f"{own}/undo", self.undo),
            *post(f"{own}/why", self.record_reason),
            *get("/u", self.show_help),
        ]

    async def ask_to_unsubscribe(self, request: Request) -> Response:
        """Show the button, or how things stand for who has left. Changes nothing."""
        subscriber_id = self._verify(request)
        status = await asyncio.to_thread(self._load_status, subscriber_id)
        return self._render_page("leave" if status.is_subscribed else "left", status, request)

    async def unsubscribe(self, request: Request) -> Response:
        """Unsubscribe; the second time changes nothing and answers the same (idempotent)."""
        subscriber_id, form = self._verify(request), await read_form(request)
        if challenge := await self.find_challenge(request, form):
            return challenge
        status = await self._unsubscribe(subscriber_id)
        if form.get("List-Unsubscribe") == "One-Click":
            # a mail provider, by the thousand: nobody reads a page
            return PlainTextResponse("ok\n")
        return self._render_page("left", status, request)

    async def record_reason(self, request: Request) -> Response:
        """Count why a subscriber left."""
        subscriber_id = self._verify(request)
        reason = (await read_form(request)).get("why")
        status = await asyncio.to_thread(self._load_status, subscriber_id)
        if reason in UNSUBSCRIBE_REASONS and not status.is_subscribed:
            await asyncio.to_thread(self._count_reason, subscriber_id, reason)
        return self._render_page("thanks", status, request)

    async def undo(self, request: Request) -> Response:
        """Put the subscriber back, if they left themselves within the last day."""
        subscriber_id = self._verify(request)
        status = await asyncio.to_thread(self._undo, subscriber_id)
        return self._render_page("back" if status.is_subscribed else "late", status, request)

    async def show_help(self, _request: Request) -> Response:
        """Tell whoever came without a token where their own link is."""
        return self.renderer.render("help", self.renderer.pick_language())

    def _verify(self, request: Request) -> SubscriberId:
        return self.verify_token(request, Purpose.unsubscribe)

    def _load_status(self, subscriber_id: SubscriberId) -> SubscriptionStatus:
        with self.site.database.read() as connection:
            found = subscribers.find_by_id(connection, subscriber_id)
            key = subscribers.find_key(connection, subscriber_id)
            known = suppressions.find_suppression(connection, key) if key is not None else None
        return SubscriptionStatus(
            subscriber=found, can_undo=suppression.can_undo(known, self.site.clock())
        )

    def _unsubscribe_all(self, subscriber_ids: Sequence[SubscriberId]) -> list[SubscriptionStatus]:
        now = self.site.clock()
        with self.site.database.begin() as connection:
            standing = suppression.unsubscribe_many(
                connection, subscriber_ids, now, send_goodbye=self.site.signup.goodbye
            )
        for number in (number for number, one in standing.items() if one.changed):
            log.info("subscriber.unsubscribed subscriber=%d", number)
        return [_to_subscription_status(standing.get(number), now) for number in subscriber_ids]

    def _undo(self, subscriber_id: SubscriberId) -> SubscriptionStatus:
        with self.site.database.begin() as connection:
            suppression.undo_unsubscribe(connection, subscriber_id, self.site.clock())
        return self._load_status(subscriber_id)

    def _count_reason(self, subscriber_id: SubscriberId, reason: str) -> None:
        now = self.site.clock()
        with self.site.database.begin() as connection:
            if (
                rate_counters.hit(
                    connection, f"why:{int(subscriber_id)}", now, suppression.UNDO_WINDOW
                )
                == 1
            ):
                unsubscribe_reasons.increment(connection, f"{now:%Y-%m}", reason)

    def _render_page(self, template: str, status: SubscriptionStatus, request: Request) -> Response:
        language = self.pick_language(status.subscriber)
        return self.render(
            request,
            template,
            status.subscriber,
            has_honeypot=template == "leave",
            can_undo=status.can_undo,
            reasons=[
                (code, phrase.translate(language)) for code, phrase in UNSUBSCRIBE_REASONS.items()
            ],
        )


def _to_subscription_status(
    result: suppression.SuppressionResult | None, now: datetime
) -> SubscriptionStatus:
    if result is None:
        return SubscriptionStatus(subscriber=None)
    return SubscriptionStatus(
        subscriber=result.subscriber, can_undo=suppression.can_undo(result.suppression, now)
    )
