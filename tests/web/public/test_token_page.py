"""What all pages behind a token share: who they are for, in which language, and the challenge."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.domain.confirmation import (
    CONFIRMATION_LIFETIME,
    ConfirmationId,
    ConfirmationKind,
    PendingConfirmation,
)
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.mail.tokens import Purpose
from newsletter.web.public.bot_detection import BUTTON_FIELD, BUTTON_VALUE
from newsletter.web.public.challenge import ScannerChallenge
from newsletter.web.public.site import PublicSite
from newsletter.web.public.subscribe import _choose_template
from newsletter.web.public.templates import PageRenderer
from newsletter.web.public.token_page import TokenPage
from tests.web.conftest import START, Clock, ServedSite, build_site

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
PRESSED = {BUTTON_FIELD: BUTTON_VALUE}
PENDING = PendingConfirmation(
    id=ConfirmationId(1),
    kind=ConfirmationKind.sign_up,
    email="anna@example.org",
    key="anna@example.org",
    created=NOW,
)
DONE = replace(PENDING, completed_at=NOW)
LATE = NOW + CONFIRMATION_LIFETIME + timedelta(seconds=1)
OLD, NEW = "old_confirmed_at", "new_confirmed_at"


@pytest.mark.parametrize(
    ("confirmation", "confirmed_at", "now", "is_pressed", "template"),
    [
        (None, None, NOW, False, "old"),
        (None, None, NOW, True, "old"),
        (None, OLD, NOW, True, "old"),
        (PENDING, None, NOW, False, "confirm"),
        (PENDING, None, NOW + CONFIRMATION_LIFETIME, False, "confirm"),
        (PENDING, None, LATE, False, "old"),
        (PENDING, None, LATE, True, "old"),
        (DONE, None, NOW, True, "joined"),
        (DONE, None, LATE, True, "joined"),
        (DONE, None, NOW, False, "old"),
        (PENDING, OLD, NOW, False, "confirm"),
        (replace(PENDING, new_confirmed_at=NOW), OLD, NOW, False, "confirm"),
        (replace(PENDING, old_confirmed_at=NOW), OLD, NOW, False, "half"),
        (replace(PENDING, old_confirmed_at=NOW), OLD, NOW, True, "half"),
        (replace(PENDING, old_confirmed_at=NOW), OLD, LATE, True, "old"),
        (replace(PENDING, old_confirmed_at=NOW), NEW, NOW, False, "confirm"),
        (replace(PENDING, new_confirmed_at=NOW), NEW, NOW, True, "half"),
        (DONE, OLD, NOW, True, "moved"),
        (DONE, NEW, LATE, False, "moved"),
    ],
    ids=[
        "forgotten",
        "forgotten-pressed",
        "forgotten-move",
        "sign-up",
        "sign-up-at-last",
        "sign-up-too-late",
        "sign-up-pressed-too-late",
        "joined",
        "joined-pressed-again-later",
        "joined-link-opened-again",
        "move",
        "move-other-end-done",
        "move-this-end-done",
        "move-this-end-pressed",
        "move-half-too-late",
        "move-new-end-open",
        "move-new-end-pressed",
        "moved",
        "moved-opened-later",
    ],
)
def test_which_page_a_confirmation_has(
    *,
    confirmation: PendingConfirmation | None,
    confirmed_at: str | None,
    now: datetime,
    is_pressed: bool,
    template: str,
) -> None:
    """Every state of a sign-up and of the two ends of an address change."""
    assert _choose_template(confirmation, confirmed_at, now, is_pressed=is_pressed) == template


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PublicSite]:
    site = build_site(tmp_path, Clock())
    yield site
    site.database.close()


@pytest.mark.parametrize(
    ("language", "spoken"), [("en", "en"), ("sv", "sv"), ("fi", "sv"), ("", "sv")], ids=repr
)
def test_a_page_speaks_the_subscribers_language(
    site: PublicSite, language: str, spoken: str
) -> None:
    """The newsletter's where there is no catalogue for theirs, and for nobody in particular."""
    renderer = PageRenderer(site)
    page = TokenPage(site, renderer, ScannerChallenge(site, renderer))
    subscriber = Subscriber(id=SubscriberId(1), email="anna@example.org", language=language)
    assert page.pick_language(subscriber) == spoken
    assert page.pick_language(None) == "sv"


def list_pages(served_site: ServedSite) -> dict[str, str]:
    """Return the path of each button of a token, with where its challenge leads."""
    reader = served_site.add_subscriber("anna@example.org")
    leave = f"u/{served_site.sign_token(reader)}"
    erase = f"p/{served_site.sign_token(reader, Purpose.preferences)}/erase"
    return {f"/{leave}": f"{leave}/sure", f"/{erase}": f"{erase}/sure"}


@pytest.mark.parametrize("number", [0, 1], ids=["unsubscribe", "erase"])
def test_a_scanners_press_is_challenged_on_every_page(served_site: ServedSite, number: int) -> None:
    """The same challenge everywhere: nothing is done, and its button leads to the page's /sure."""
    path, sure = list(list_pages(served_site).items())[number]
    token_path = path.removesuffix("/erase")
    with served_site.open_client() as scanner:
        assert scanner.get(f"{token_path}/more").status_code == 200
        before = served_site.dump_database()
        answer = scanner.post(path, data=PRESSED)
        assert answer.status_code == 200
        assert f'action="/{sure}"' in answer.text
        assert [row for row in served_site.dump_database() if row not in before] == [
            row for row in served_site.dump_database() if "scanner.held" in row
        ]
        assert scanner.post(f"/{sure}", data=PRESSED).status_code == 200
        assert served_site.dump_database() != before


@pytest.mark.parametrize("slash", ["", "/"], ids=["without", "with"])
def test_the_challenge_is_passed_with_or_without_a_slash(
    served_site: ServedSite, slash: str
) -> None:
    """A person behind the scanner's address presses once more, and is unsubscribed."""
    path, sure = next(iter(list_pages(served_site).items()))
    with served_site.open_client() as client:
        client.get(f"{path}/more")
        assert "/sure" in client.post(f"{path}{slash}", data=PRESSED).text
        assert "/sure" not in client.post(f"/{sure}{slash}", data=PRESSED).text


def test_staff_read_of_bursts_in_the_log(served_site: ServedSite) -> None:
    """The first press and the eleventh; addresses are hashed."""
    path = next(iter(list_pages(served_site)))
    with served_site.open_client() as scanner:
        scanner.get(f"{path}/more")
        for _ in range(11):
            scanner.post(path, data=PRESSED)
    rows = [row for row in served_site.dump_database() if "scanner.held" in row]
    assert len(rows) == 2
    assert not any("127.0.0.1" in row for row in rows)


@pytest.mark.parametrize("kind", ["u", "p", "c"])
@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "å"], ids=["short", "made-up", "nul", "å"])
def test_a_token_that_nobody_signed_is_no_page(
    served_site: ServedSite, kind: str, token: str
) -> None:
    """404, by looking and by pressing, in the newsletter's language."""
    with served_site.open_client() as client:
        answers = [client.get(f"/{kind}/{token}"), client.post(f"/{kind}/{token}", data=PRESSED)]
    assert {answer.status_code for answer in answers} == {404}
    assert all('lang="sv"' in answer.text for answer in answers)


@pytest.mark.parametrize(
    ("signed_for", "path"),
    [
        (Purpose.unsubscribe, "/p/{}"),
        (Purpose.preferences, "/u/{}"),
        (Purpose.unsubscribe, "/c/{}"),
        (Purpose.preferences, "/c/{}"),
    ],
    ids=["unsubscribe-as-preferences", "preferences-as-unsubscribe", "u-as-c", "p-as-c"],
)
def test_a_token_opens_only_its_own_page(
    served_site: ServedSite, signed_for: Purpose, path: str
) -> None:
    """Whoever is given a letter can unsubscribe by its link, and read nothing else."""
    reader = served_site.add_subscriber("anna@example.org")
    token = served_site.sign_token(reader, signed_for)
    with served_site.open_client() as client:
        assert client.get(path.format(token)).status_code == 404


def test_clocks_agree() -> None:
    """The tables of this file are of the tests' own time."""
    assert NOW == START
