"""What goes out comes back the same, and no spreadsheet runs it."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsletter.domain.subscriber import Subscriber, SubscriberId, SubscriberStatus
from newsletter.i18n import Phrase
from newsletter.store import subscribers
from newsletter.subscribers import exporting
from newsletter.subscribers.importing.columns import OWN_COLUMNS
from newsletter.subscribers.importing.csv_injection import (
    escape_formula,
    unescape_formula,
)
from newsletter.subscribers.importing.refusals import RefusedRow
from tests.subscribers.conftest import START, SubscriberList

#: Big List of Naughty Strings, MIT.
BLNS = Path(__file__).parents[3] / "shared" / "corpora" / "blns.json"
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
NASTY = TEXT | st.sampled_from(
    [
        "=1+1",
        "'=1",
        "''+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "\n",
        "＝1",
        '"',
        "a,b;c|d",
        "å\r\nä",
        "\u202eabc",
        " ",
        "'",
        "=",
    ]
)
WORDS = (
    st.text(st.sampled_from("abåÖ =+-@'\""), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda word: word.strip('"') == word and word != "")
)


@given(NASTY)
@example("'" * 5 + "=")
def test_unescape_gives_back_what_escape_changed(text: str) -> None:
    """Exactly, for every text; and no cell that goes out begins like a formula."""
    assert unescape_formula(escape_formula(text)) == text
    assert escape_formula(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")


LOCAL_PARTS = ["anna", "+46", "=x", "'=x", "'+1", "-a", "'a", "=cmd|'/c.calc'!a1"]
SUBSCRIBERS = st.builds(
    Subscriber,
    id=st.just(SubscriberId(0)),
    email=st.sampled_from([f"{local}@example.org" for local in LOCAL_PARTS]),
    name=NASTY,
    language=st.sampled_from(["", "sv", "en-GB"]),
    tags=st.lists(
        WORDS.map(lambda word: " ".join(word.split())).filter(bool),
        unique_by=str.casefold,
        max_size=3,
    ).map(tuple),
    fields=st.dictionaries(NASTY.map(str.strip).filter(bool), NASTY.filter(bool), max_size=3),
    status=st.sampled_from(
        [status for status in SubscriberStatus if status is not SubscriberStatus.pending]
    ),
    created=st.just(START),
)


def _export_csv(subscriber_list: SubscriberList) -> str:
    out = io.StringIO(newline="")
    with subscriber_list.database.read() as connection:
        exporting.write_csv(
            out, subscribers.iter_subscribers(connection), subscribers.list_field_names(connection)
        )
    return out.getvalue()


def _add(subscriber_list: SubscriberList, person: Subscriber) -> None:
    with subscriber_list.database.begin() as connection:
        subscribers.add(connection, person, person.email.lower())


def _to_rows(people: dict[str, Subscriber]) -> list[tuple[object, ...]]:
    return [
        (p.email, p.name, p.language, p.tags, dict(p.fields), p.status) for p in people.values()
    ]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SUBSCRIBERS)
def test_export_then_import_is_the_identity(
    subscriber_list: SubscriberList, person: Subscriber
) -> None:
    """Formulas, quotation marks, line ends, emoji, right-to-left text.

    In names, tags, fields, and names of fields.
    """
    subscriber_list.clear()
    _add(subscriber_list, person)
    _add(subscriber_list, Subscriber(id=SubscriberId(0), email="bo@example.org", created=START))
    before, out = _to_rows(subscriber_list.read_subscribers()), _export_csv(subscriber_list)
    subscriber_list.clear()
    found = subscriber_list.import_text(out)
    assert (found.added, found.refused) == (2, 0)
    assert _to_rows(subscriber_list.read_subscribers()) == before
    assert _export_csv(subscriber_list) == out


@pytest.mark.skipif(
    not BLNS.is_file(), reason="the Big List of Naughty Strings isn't beside the checkout"
)
def test_naughty_strings_as_names_and_fields(subscriber_list: SubscriberList) -> None:
    """All 500 of them."""
    strings = [text for text in json.loads(BLNS.read_text("utf-8")) if "\0" not in text]
    for number, text in enumerate(strings):
        _add(
            subscriber_list,
            Subscriber(
                id=SubscriberId(0),
                email=f"r{number}@example.org",
                name=text,
                fields={"x": text} if text else {},
                created=START,
            ),
        )
    before, out = _to_rows(subscriber_list.read_subscribers()), _export_csv(subscriber_list)
    subscriber_list.clear()
    assert subscriber_list.import_text(out).added == len(strings) > 400
    assert _to_rows(subscriber_list.read_subscribers()) == before


def test_csv_opens_in_excel(subscriber_list: SubscriberList) -> None:
    """A BOM, or it reads cp1252; our columns first, own fields after them."""
    subscriber_list.import_text("email,namn,Ort\na@example.org,Åsa,Umeå\n")
    out = _export_csv(subscriber_list)
    assert out.startswith("\ufeff")
    assert next(csv.reader([out.lstrip("\ufeff").splitlines()[0]])) == [*OWN_COLUMNS, "Ort"]
    assert out.endswith("a@example.org,Åsa,,,active,Umeå\r\n")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_is_json(subscriber_list: SubscriberList, count: int) -> None:
    """None, one or many: an array, and the keys of the contract."""
    for number in range(count):
        subscriber_list.import_text(f"email,tags\nr{number}@example.org,press\n")
    out = io.StringIO()
    with subscriber_list.database.read() as connection:
        assert exporting.write_json(out, subscribers.iter_subscribers(connection)) == count
    read = json.loads(out.getvalue())
    assert [person["email"] for person in read] == [
        f"r{number}@example.org" for number in range(count)
    ]
    assert all({"email", "name", "language", "tags", "status"} <= set(person) for person in read)


def test_refused_rows_can_be_mended_and_imported(subscriber_list: SubscriberList) -> None:
    """The report has line, reason and the row; its own two columns don't become fields."""
    out = io.StringIO(newline="")
    report = exporting.RefusedRowsReport(out, ("E-post", "Ort"), "en")
    report.add(RefusedRow(line=7, code="address", reason=Phrase("No."), cells=("=fel", "Umeå")))
    text = out.getvalue()
    assert text == "\ufeffline,reason,E-post,Ort\r\n7,No.,'=fel,Umeå\r\n"
    assert subscriber_list.import_text(text.replace("'=fel", "a@example.org")).added == 1
    assert subscriber_list.read_subscribers()["a@example.org"].fields == {"Ort": "Umeå"}
