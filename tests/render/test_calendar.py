"""Calendars: dates, times and places as people write them."""

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.domain.issue import Layout, Section, Teaser
from newsletter.render.calendar import CalendarEvent, parse_calendar, to_calendar
from newsletter.render.notice import split_intro

NEAR = date(2026, 12, 1)


def read_event(item: str, language: str = "sv") -> CalendarEvent | None:
    found = parse_calendar(f"- {item}", language, NEAR)
    return found.events[0] if found.events else None


@pytest.mark.parametrize(
    ("item", "language", "day", "starts", "ends"),
    [
        ("2026-12-19 Fest", "sv", (2026, 12, 19), None, None),
        ("2026-12-19 18:00 Fest", "sv", (2026, 12, 19), (18, 0), None),
        ("2026-12-19, kl. 18.30–20 Fest", "sv", (2026, 12, 19), (18, 30), (20, 0)),
        ("19 december kl 18 – Fest", "sv", (2026, 12, 19), (18, 0), None),
        ("lördag den 19 dec. 18:00: Fest", "sv", (2026, 12, 19), (18, 0), None),
        ("**19 december** Fest", "sv", (2026, 12, 19), None, None),
        ("11 januari Fest", "sv", (2027, 1, 11), None, None),
        ("28 november Fest", "sv", (2026, 11, 28), None, None),
        ("11 januari 2028 Fest", "sv", (2028, 1, 11), None, None),
        ("19/12 kl 9 Fest", "sv", (2026, 12, 19), (9, 0), None),
        ("Saturday, December 19, 2026 at 6 pm Fest", "en", (2026, 12, 19), (18, 0), None),
        ("19th of December 6:30pm Fest", "en", (2026, 12, 19), (18, 30), None),
        ("19. Dezember, 18:30 Uhr Fest", "de", (2026, 12, 19), (18, 30), None),
        ("19. joulukuuta klo 18 Fest", "fi", (2026, 12, 19), (18, 0), None),
        ("19 décembre 18:00 Fest", "fr", (2026, 12, 19), (18, 0), None),
    ],
)
def test_days_and_times_are_read_as_they_are_written(
    item: str,
    language: str,
    day: tuple[int, int, int],
    starts: tuple[int, int] | None,
    ends: tuple[int, int] | None,
) -> None:
    """In the issue's language or English.

    A missing year is the one that lies near the issue's date.
    """
    assert read_event(item, language) == CalendarEvent(
        day=date(*day),
        starts=time(*starts) if starts else None,
        ends=time(*ends) if ends else None,
        title="Fest",
    )


@pytest.mark.parametrize(
    ("item", "day", "until"),
    [
        ("19–21 januari Lov", date(2027, 1, 19), date(2027, 1, 21)),
        ("24 december–2 januari Lov", date(2026, 12, 24), date(2027, 1, 2)),
        ("2026-12-24 – 2026-12-26 Lov", date(2026, 12, 24), date(2026, 12, 26)),
        ("24 till 26 december Lov", date(2026, 12, 24), date(2026, 12, 26)),
    ],
)
def test_several_days_are_read(item: str, day: date, until: date) -> None:
    """Over the turn of the year, too."""
    assert read_event(item) == CalendarEvent(day=day, last_day=until, title="Lov")


@pytest.mark.parametrize(
    ("rest", "title", "place", "url"),
    [
        ("Öppet hus, Stadsbiblioteket, plan 2", "Öppet hus", "Stadsbiblioteket, plan 2", None),
        ("Öppet hus · Torget", "Öppet hus", "Torget", None),
        (
            "[Musik, dans](https://example.org/), Torget",
            "Musik, dans",
            "Torget",
            "https://example.org/",
        ),
        ("**Musik, dans**, Torget", "Musik, dans", "Torget", None),
        (
            "Öppet hus, [Torget](https://example.org/t)",
            "Öppet hus",
            "Torget",
            "https://example.org/t",
        ),
        ("[Hus](mailto:a@example.org)", "Hus", "", None),
        ("1800-talets hus", "1800-talets hus", "", None),
    ],
)
def test_title_and_place_are_told_apart(rest: str, title: str, place: str, url: str | None) -> None:
    """At the first comma, or after a link or bold words."""
    assert read_event(f"19 december {rest}") == CalendarEvent(
        day=date(2026, 12, 19), title=title, place=place, url=url
    )


@pytest.mark.parametrize(
    "item",
    [
        "Mer kommer",
        "19 potatisar",
        "31 februari Fest",
        "2026-13-45 Fest",
        "19 december",
        "december Fest",
    ],
)
def test_what_is_no_date_is_told(item: str) -> None:
    """It stays in the list, and the check says which item it is."""
    found = parse_calendar(f"- {item}", "sv", NEAR)
    assert found.events == ()
    assert len(found.undated_items) == 1


def test_without_the_issues_date_a_year_is_needed() -> None:
    """Nothing is guessed from a clock."""
    assert parse_calendar("- 19 december Fest", "sv", None).events == ()
    assert parse_calendar("- 19 december 2026 Fest", "sv", None).events


def test_a_section_is_a_calendar_by_its_layout_or_its_dates() -> None:
    """Teasers or another layout make it an ordinary section, unless it says calendar itself."""
    text = "- 19 december Fest"
    assert to_calendar(Section(title="", text=text), "sv", NEAR)
    assert not to_calendar(Section(title="", text=text, teasers=(Teaser(title="x"),)), "sv", NEAR)
    assert to_calendar(
        Section(title="", text=text, teasers=(Teaser(title="x"),), layout=Layout.calendar),
        "sv",
        NEAR,
    )
    assert not to_calendar(Section(title="", text=text, layout=Layout.list), "sv", NEAR)
    assert not to_calendar(Section(title="", text="19 december Fest"), "sv", NEAR)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["sv", "en", "xx"]))
def test_any_text_is_read_without_falling_over(text: str, language: str) -> None:
    """What is no calendar is an ordinary text."""
    parse_calendar(text, language, NEAR)
    parse_calendar(f"- 2026-12-19 {text}", language, NEAR)
    assert all(part.text.strip() for part in split_intro(text))
