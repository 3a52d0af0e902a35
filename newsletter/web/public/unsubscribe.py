"""Leave the list: a page that asks, a POST that does it, and a way back for a day.

    GET  /u/TOKEN        asks; changes nothing, because scanners open every link
    POST /u/TOKEN        takes the reader off: her button and the one-click POST of mail programs
    alike (RFC 8058)
    POST /u/TOKEN/undo   takes that back
    POST /u/TOKEN/why    counts a reason, without a name; nobody has to give one

The token is enough: any form of POST works, for ever. Only the button of our page, pressed by a
program that was seen to follow every link (`scanners`), is asked to press once more.
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
from newsletter.subscribers import suppression, unsubscription
from newsletter.web.public.bot_detection import BUTTON_FIELD
from newsletter.web.public.forms import read_form
from newsletter.web.public.group_commit import GroupCommit
from newsletter.web.public.routing import get, post
from newsletter.web.public.site import PublicSite
from newsletter.web.public.templates import PageRenderer, mask_address

log = logging.getLogger(__name__)
#: Why readers leave, as `leavings` counts it.
UNSUBSCRIBE_REASONS = {
    "often": Phrase("There are too many letters"),
    "content": Phrase("They aren't about what interests me"),
    "never": Phrase("I never asked for them"),
    "other": Phrase("Something else"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionStatus:
    """How a reader stands; None where she has been erased."""

    subscriber: Subscriber | None
    can_undo: bool = False

    @property
    def is_subscribed(self) -> bool:
        """Whether she is on the list."""
        return self.subscriber is not None and self.subscriber.status in (
            SubscriberStatus.active,
            SubscriberStatus.pending,
        )


class UnsubscribeRoutes:
    """The pages about leaving."""

    def __init__(self, site: PublicSite, renderer: PageRenderer) -> None:
        self.site = site
        self.renderer = renderer
        self._unsubscribe = GroupCommit(self._unsubscribe_all)

    def build_routes(self) -> list[Route]:
        """Return where they are. Who reloads the page after "undo" sees how things stand."""
        own = "/u/{token}"
        return [
            *get(own, self.ask_to_unsubscribe), *post(own, self.unsubscribe), *post(f"{own}/sure", self.unsubscribe),
            *get(f"{own}/undo", self.ask_to_unsubscribe), *post(f"{own}/undo", self.undo),
            *post(f"{own}/why", self.record_reason), *get("/u", self.show_help),
        ]  # fmt: skip

    async def ask_to_unsubscribe(self, request: Request) -> Response:
        """Show the page with the button, or how things stand for who has left. Changes nothing."""
        number = self._verify_token(request)
        reader = await asyncio.to_thread(self._load_status, number)
        return self._render_page("leave" if reader.is_subscribed else "left", reader, request)

    async def unsubscribe(self, request: Request) -> Response:
        """Take the reader off the list; the second time changes nothing and answers the same."""
        number = self._verify_token(request)
        said = await read_form(request)
        if not request.url.path.rstrip("/").endswith(
            "/sure"
        ) and await self.renderer.should_challenge(request, said.get(BUTTON_FIELD)):
            return self.renderer.render(
                "held",
                self.renderer.pick_language(),
                action=f"u/{request.path_params['token']}/sure",
            )
        reader = await self._unsubscribe(number)
        if (
            said.get("List-Unsubscribe") == "One-Click"
        ):  # a mail provider, by the thousand: nobody reads a page
            return PlainTextResponse("ok\n")
        return self._render_page("left", reader, request)

    async def record_reason(self, request: Request) -> Response:
        """Count why a reader left."""
        number = self._verify_token(request)
        reason = (await read_form(request)).get("why")
        reader = await asyncio.to_thread(self._load_status, number)
        if reason in UNSUBSCRIBE_REASONS and not reader.is_subscribed:
            await asyncio.to_thread(self._count_reason, number, reason)
        return self._render_page("thanks", reader, request)

    async def undo(self, request: Request) -> Response:
        """Put the reader back, if she left herself within the last day."""
        number = self._verify_token(request)
        reader = await asyncio.to_thread(self._undo, number)
        return self._render_page("back" if reader.is_subscribed else "late", reader, request)

    async def show_help(self, _request: Request) -> Response:
        """Say where a reader's own link is, to who has come without one."""
        return self.renderer.render("help", self.renderer.pick_language())

    def _verify_token(self, request: Request) -> SubscriberId:
        return self.site.keys.verify(Purpose.unsubscribe, request.path_params["token"])

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
            standing = unsubscription.unsubscribe_many(
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
        found = status.subscriber
        language = self.renderer.pick_language(found.language if found is not None else "")
        return self.renderer.render(
            template,
            language,
            token=request.path_params["token"],
            address=mask_address(found.email) if found is not None else "",
            can_undo=status.can_undo,
            reasons=[
                (code, phrase.translate(language)) for code, phrase in UNSUBSCRIBE_REASONS.items()
            ],
            trap=self.renderer.build_honeypot_link(request) if template == "leave" else "",
        )


def _to_subscription_status(
    result: suppression.SuppressionResult | None, now: datetime
) -> SubscriptionStatus:
    if result is None:
        return SubscriptionStatus(subscriber=None)
    return SubscriptionStatus(
        subscriber=result.subscriber, can_undo=suppression.can_undo(result.suppression, now)
    )
