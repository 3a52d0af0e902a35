"""Lists as other programs write them.

Read right, once, whole or not at all, and nobody back who has left.
"""

import csv
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsletter.domain.subscriber import SubscriberStatus, SuppressionReason
from newsletter.errors import AddressError, ListError, StoreError
from newsletter.mail.address import parse_address
from newsletter.store import subscribers, suppressions
from newsletter.store.database import open_database
from newsletter.subscribers.importing import import_list
from newsletter.subscribers.importing.address_warnings import find_address_warning
from newsletter.subscribers.importing.column_mapping import map_by_header
from newsletter.subscribers.importing.csv_injection import unescape_formula
from newsletter.subscribers.importing.import_list import ImportListener, ImportOptions
from newsletter.subscribers.importing.languages import normalise_language
from newsletter.subscribers.importing.row_parser import (
    ParsedRow,
    RefusedRow,
    make_row_parser,
    parse_address_fast,
)
from newsletter.subscribers.suppression import suppress
from tests.subscribers.conftest import SubscriberList, make_keyed_hash

ROWS = "E-post{0}Namn{0}Ort\r\nasa@example.org{0}Åsa “Ö” Ek{0}Malmö\r\n"
EXAMPLE = Path(__file__).parents[3] / "subscribers.example.csv"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_encoding_and_separator(
    subscriber_list: SubscriberList, encoding: str, separator: str
) -> None:
    """Nobody is asked how a file was written."""
    found = subscriber_list.import_text(ROWS.format(separator).encode(encoding))
    assert (found.added, found.separator) == (1, separator)
    person = subscriber_list.read_subscribers()["asa@example.org"]
    assert (person.name, person.fields) == ("Åsa “Ö” Ek", {"Ort": "Malmö"})


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("name", ["Åsa Öst", "Kåre Ångström", "Jörg Größe", "Ærø Øst", "Zoé Änger"])
def test_alphabets_from_before_unicode(
    subscriber_list: SubscriberList, encoding: str, name: str
) -> None:
    """Of Windows, of old Macs, of DOS: no name becomes another."""
    found = subscriber_list.import_text(f"email;name\rasa@example.org;{name}\r".encode(encoding))
    assert (found.encoding, subscriber_list.read_subscribers()["asa@example.org"].name) == (
        encoding,
        name,
    )


@given(st.lists(st.text().filter(str.isprintable), min_size=1, max_size=4))
@example(['"', "\\", "é", ""])
def test_own_fields_are_kept_as_json_writes_them(values: list[str]) -> None:
    """Letter by letter: what is compared as text later must be the same text."""
    names = [f'Fält "{at}"' for at in range(len(values))]
    columns = map_by_header(["email", *names])
    assert columns is not None
    row = make_row_parser(columns, ",")(2, ["a@example.org", *values])
    assert isinstance(row, ParsedRow)
    assert row.fields == json.dumps(
        {name: unescape_formula(value) for name, value in zip(names, values, strict=True) if value}
    )


def test_the_first_odd_letter_may_stand_far_down(subscriber_list: SubscriberList) -> None:
    """A megabyte of ASCII doesn't make a file ASCII."""
    plain = "".join(f"r{number}@example.org,{'Bo' * 150}\n" for number in range(4_000))
    assert len(plain) > 1 << 20
    for encoding in ("utf-8", "cp1252"):
        subscriber_list.import_text(
            f"email,name\n{plain}sist-{encoding}@example.org,Åsa\n".encode(encoding)
        )
        assert subscriber_list.read_subscribers()[f"sist-{encoding}@example.org"].name == "Åsa"


def test_a_few_bad_bytes_are_bad_rows(subscriber_list: SubscriberList) -> None:
    """One row pasted from another program doesn't turn everybody else's ö into Ã¶."""
    found = subscriber_list.import_text(
        b"email,name\na@example.org,\xc3\x85sa\nb@example.org,\xd6rjan\nc@example.org,J\xc3\xb6ns\n"
    )
    assert (found.added, found.encoding) == (2, "utf-8")
    assert [(row.line, row.code) for row in subscriber_list.refused] == [(3, "encoding")]
    assert subscriber_list.read_subscribers()["c@example.org"].name == "Jöns"


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("email,name,language,tags,status", "a@example.org,Åsa Ek,sv,press,active", {}),
        ("E-postadress;Förnamn;Efternamn;Språk;Taggar", "a@example.org;Åsa;Ek;Svenska;press", {}),
        (
            "E-Mail-Adresse;Vorname;Nachname;Sprache;Gruppen",
            "a@example.org;Åsa;Ek;Schwedisch;press",
            {},
        ),
        (
            "Email Address,First Name,Last Name,LANGUAGE,TAGS",
            'a@example.org,Åsa,Ek,sv_SE,"""press"""',
            {"language": "sv-SE"},
        ),
        ("mejl\tnamn\tspråk\tgrupper", "a@example.org\tÅsa Ek\tswe\tpress", {}),
        (
            "id,email,name,subscribed_to_emails,language,labels",
            "7,a@example.org,Åsa Ek,true,sv,press",
            {"fields": {"id": "7"}},
        ),
        (
            "Kund;Kontakt;Namn;Språk;Taggar",
            "12;a@example.org;Åsa Ek;sv;press",
            {"fields": {"Kund": "12"}},
        ),
        (
            "Prenumeranter 2026;;;\r\n\r\nE-post;Namn;Språk;Taggar",
            "a@example.org;Åsa Ek;sv;press",
            {},
        ),
        ("sep=;\r\nE-post;Namn;Språk;Taggar", "a@example.org;Åsa Ek;sv;press", {}),
    ],
)
def test_columns_are_found_by_their_names(
    subscriber_list: SubscriberList, header: str, row: str, expected: dict[str, object]
) -> None:
    """Excel, Mailchimp, Ghost, a municipality's system: Swedish, English, German."""
    assert subscriber_list.import_text(f"{header}\r\n{row}\r\n").added == 1
    person = subscriber_list.read_subscribers()["a@example.org"]
    wanted: dict[str, object] = {
        "name": "Åsa Ek",
        "language": "sv",
        "tags": ("press",),
        "fields": {},
        **expected,
    }
    assert {name: getattr(person, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    "text",
    [
        "a@example.org\nb@example.org\n",
        "a@example.org;Anna\r\nb@example.org;Bo",
        '"a@example.org"\n"b@example.org"',
    ],
)
def test_a_list_without_a_header(subscriber_list: SubscriberList, text: str) -> None:
    """Addresses, a line each, are a list too; the first one isn't lost as a header."""
    assert subscriber_list.import_text(text).added == 2
    assert set(subscriber_list.read_subscribers()) == {"a@example.org", "b@example.org"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"Namn;Ort\nAnna;Ume\xe5\n", "Namn, Ort"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"%PDF-1.7", "CSV"),
        (b"\x00" * 50 + b"\x01\x02" * 400, "CSV"),
        (b"email,name\n", "first row"),
    ],
)
def test_what_is_no_list_is_told(
    subscriber_list: SubscriberList, content: bytes, words: str
) -> None:
    """The thing, the cause, the cure; and the list is as it was."""
    before = subscriber_list.dump_database()
    with pytest.raises(ListError, match=words):
        subscriber_list.import_text(content)
    assert subscriber_list.dump_database() == before


def test_a_file_that_is_not_there(subscriber_list: SubscriberList) -> None:
    """Its name is in the message."""
    with pytest.raises(ListError, match=r"saknas\.csv"):
        import_list.import_list(
            subscriber_list.database,
            subscriber_list.folder / "saknas.csv",
            subscriber_list.now,
            listener=subscriber_list,
            options=ImportOptions(keyed_hash=make_keyed_hash),
        )


def test_every_refused_row_has_its_line_and_reason(subscriber_list: SubscriberList) -> None:
    """Lines are the file's own, also after a name of two lines."""
    found = subscriber_list.import_text(
        "email,name,status\n"
        "a@example.org,Anna,\n"
        'b@example.org,"Bo\nEk",\n'
        "inte en adress,x,\n"
        ",Utan,\n"
        "c@example.org,Cia,kanske\n"
        "d@example.org,Svensson, Dan,active\n"
        "e@@example.org,E,\n"
        "\n"
        "f@example.org\n"
    )
    assert [(row.line, row.code) for row in subscriber_list.refused] == [
        (5, "address"),
        (6, "address"),
        (7, "status"),
        (8, "cells"),
        (9, "address"),
    ]
    assert found.refused == 5
    assert set(subscriber_list.read_subscribers()) == {
        "a@example.org",
        "b@example.org",
        "f@example.org",
    }
    assert subscriber_list.read_subscribers()["b@example.org"].name == "Bo\nEk"
    assert all(row.reason.translate("en") for row in subscriber_list.refused)


def test_an_unclosed_quotation_mark_swallows_nobody_in_silence(
    subscriber_list: SubscriberList,
) -> None:
    """The csv module would make one name of all the rows that follow."""
    found = subscriber_list.import_text(
        'email,name\na@example.org,Anna\nb@example.org,"Bo\nc@example.org,Cia\nd@example.org,Dan\n'
    )
    assert found.refused == 1
    assert subscriber_list.refused[0].code == "quotes"
    assert set(subscriber_list.read_subscribers()) == {"a@example.org"}
    rest = "".join(f"r{number}@example.org,R\n" for number in range(9000))
    assert subscriber_list.import_text(f'email,name\nb@example.org,"Bo\n{rest}').refused >= 1
    assert {row.code for row in subscriber_list.refused} == {"quotes"}


def test_one_mailbox_is_one_subscriber(subscriber_list: SubscriberList) -> None:
    """Case, IDNA and full-width letters are spellings; dots and plus signs are not."""
    found = subscriber_list.import_text(
        "email,name,tags\nAnna@Example.org,Anna,a\nanna@EXAMPLE.ORG,Annan,b\nanna@ｅｘａｍｐｌｅ.org,,c\n"
        "bo@räksmörgås.example,,\nbo@xn--rksmrgs-5wao1o.example,Bo,\nan.na@example.org,,\nanna+x@example.org,,\n"
    )
    assert (found.added, found.duplicates) == (4, 3)
    people = subscriber_list.read_subscribers()
    assert people["Anna@example.org"].name == "Anna"
    assert people["Anna@example.org"].tags == ("a", "b", "c")
    assert people["bo@xn--rksmrgs-5wao1o.example"].name == "Bo"


def test_twice_is_the_same_as_once(subscriber_list: SubscriberList) -> None:
    """Also where rows contradict each other, and where chunks end between them."""
    content = EXAMPLE.read_bytes()
    assert subscriber_list.import_text(content).added == 5
    before = subscriber_list.dump_database()
    found = subscriber_list.import_text(content)
    assert (found.added, found.changed, found.unchanged) == (0, 0, 5)
    assert subscriber_list.dump_database() == before


CELLS = st.sampled_from(["", "Anna", "Bo", "=1+1", "'x", "å,b", "a;B", "A;c"])
LINES = st.lists(
    st.tuples(
        st.sampled_from(["a", "A", "b", "c", "'d"]),
        CELLS,
        st.sampled_from(["", "sv", "EN", "?"]),
        CELLS,
        CELLS,
        st.sampled_from(["", "active", "unsubscribed", "bounced", "pending"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=LINES, second=LINES, size=st.integers(1, 4))
def test_no_list_changes_anything_the_second_time(
    subscriber_list: SubscriberList,
    first: list[tuple[str, ...]],
    second: list[tuple[str, ...]],
    size: int,
) -> None:
    """Whatever it holds, and whatever was there before; and who is off stays off."""
    subscriber_list.clear()
    old, import_list.CHUNK_ROWS = import_list.CHUNK_ROWS, size
    try:
        for lines in (first, second):
            out = io.StringIO(newline="")
            writer = csv.writer(out)
            writer.writerow(["email", "name", "language", "tags", "Ort", "status"])
            writer.writerows([f"{local}@example.org", *rest] for local, *rest in lines)
            off = {
                email
                for email, person in subscriber_list.read_subscribers().items()
                if person.status not in (SubscriberStatus.active, SubscriberStatus.pending)
            }
            subscriber_list.import_text(out.getvalue())
            assert off <= {
                email
                for email, person in subscriber_list.read_subscribers().items()
                if person.status not in (SubscriberStatus.active, SubscriberStatus.pending)
            }
            before = subscriber_list.dump_database()
            again = subscriber_list.import_text(out.getvalue())
            assert (again.added, again.changed) == (0, 0)
            assert subscriber_list.dump_database() == before
    finally:
        import_list.CHUNK_ROWS = old


def test_nobody_comes_back_who_has_left(subscriber_list: SubscriberList) -> None:
    """An old list with "active" in every row is the usual way to write to people who said no."""
    subscriber_list.import_text("email\nborta@example.org\nstuds@example.org\nkvar@example.org\n")
    with subscriber_list.database.begin() as connection:
        suppress(
            connection, "borta@example.org", SuppressionReason.unsubscribed, subscriber_list.now
        )
        suppress(connection, "studs@example.org", SuppressionReason.bounced, subscriber_list.now)
        suppress(connection, "aldrig@example.org", SuppressionReason.manual, subscriber_list.now)
        suppress(connection, "raderad@example.org", SuppressionReason.erased, subscriber_list.now)
    found = subscriber_list.import_text(
        "email,status,name\nBORTA@example.org,active,X\nstuds@example.org,,\naldrig@example.org,active,\nraderad@example.org,active,\nkvar@example.org,active,\n"
    )
    assert (found.added, found.still_suppressed, found.refused) == (1, 3, 1)
    statuses = {
        email: person.status for email, person in subscriber_list.read_subscribers().items()
    }
    assert statuses == {
        "borta@example.org": SubscriberStatus.unsubscribed,
        "studs@example.org": SubscriberStatus.bounced,
        "aldrig@example.org": SubscriberStatus.manual,
        "kvar@example.org": SubscriberStatus.active,
    }
    assert (subscriber_list.refused[0].line, subscriber_list.refused[0].code) == (5, "erased")


def test_a_list_can_take_people_off(subscriber_list: SubscriberList) -> None:
    """Another program's unsubscribed, cleaned and blocked are ours too: on the list, or not yet."""
    subscriber_list.import_text("email\na@example.org\nb@example.org\n")
    subscriber_list.import_text(
        "email,status\na@example.org,Avregistrerad\nny@example.org,cleaned\nb@example.org,väntar\n"
    )
    assert [person.status for person in subscriber_list.read_subscribers().values()] == [
        SubscriberStatus.unsubscribed,
        SubscriberStatus.active,
        SubscriberStatus.bounced,
    ]
    with subscriber_list.database.read() as connection:
        assert {found.key for found in suppressions.iter_suppressions(connection)} == {
            "a@example.org",
            "ny@example.org",
        }


def test_a_list_gives_no_other_reason_to_who_has_left(subscriber_list: SubscriberList) -> None:
    """Her own no stays her own no, whatever another program calls it."""
    subscriber_list.import_text("email,status\na@example.org,unsubscribed\n")
    found = subscriber_list.import_text("email,status\na@example.org,bounced\n")
    assert (found.changed, subscriber_list.read_subscribers()["a@example.org"].status) == (
        0,
        SubscriberStatus.unsubscribed,
    )


def test_an_empty_cell_takes_nothing_away(subscriber_list: SubscriberList) -> None:
    """Half a list adds what it knows."""
    subscriber_list.import_text("email,name,language,tags,Ort\na@example.org,Anna,sv,press,Umeå\n")
    found = subscriber_list.import_text(
        "email,name,tags,Ort,Yrke\na@example.org,,kultur,,Snickare\n"
    )
    assert found.changed == 1
    person = subscriber_list.read_subscribers()["a@example.org"]
    assert (person.name, person.language, person.tags) == ("Anna", "sv", ("press", "kultur"))
    assert person.fields == {"Ort": "Umeå", "Yrke": "Snickare"}


def test_every_new_subscriber_has_a_proof_of_consent(subscriber_list: SubscriberList) -> None:
    """Where from and when; one, however often the list comes in."""
    for _ in range(2):
        subscriber_list.import_text("email\na@example.org\nb@example.org\n")
    with subscriber_list.database.read() as connection:
        for person in subscriber_list.read_subscribers().values():
            proofs = subscribers.list_consents(connection, person.id)
            assert [(proof.source, proof.at) for proof in proofs] == [
                ("import list.csv", person.created)
            ]


def test_a_dry_run_changes_nothing_and_tells_the_same(subscriber_list: SubscriberList) -> None:
    """What it says is what then happens."""
    subscriber_list.import_text("email,name\na@example.org,Anna\n")
    before = subscriber_list.dump_database()
    content = "email,name,status\na@example.org,Ann,\nb@example.org,,bounced\nfel,,\n"
    told = subscriber_list.import_text(content, dry_run=True)
    assert subscriber_list.dump_database() == before
    assert subscriber_list.import_text(content) == told
    assert (told.added, told.changed, told.refused) == (1, 1, 1)


def test_an_import_that_breaks_off_leaves_nothing(subscriber_list: SubscriberList) -> None:
    """Ctrl-C in the middle, or a disk that fails.

    The list is as it was, and the next import works.
    """
    before = subscriber_list.dump_database()

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        subscriber_list.import_text("email\na@example.org\n", on_progress=stop)
    assert subscriber_list.dump_database() == before
    assert subscriber_list.import_text("email\na@example.org\n").added == 1


def test_reading_a_list_blocks_nobody(subscriber_list: SubscriberList) -> None:
    """A million rows take a while to read; who unsubscribes meanwhile mustn't wait."""
    other = open_database(str(subscriber_list.database.engine.url))
    done: list[float] = []

    def suppress_meanwhile(share: float) -> None:
        if share <= 0.5:
            with other.begin() as connection:
                suppress(
                    connection,
                    f"x{len(done)}@example.org",
                    SuppressionReason.unsubscribed,
                    subscriber_list.now,
                )
            done.append(share)

    try:
        subscriber_list.import_text(
            "email\nx0@example.org\nb@example.org\n", on_progress=suppress_meanwhile
        )
    except StoreError as error:  # pragma: no cover  # what would happen if it did
        pytest.fail(str(error))
    finally:
        other.close()
    assert done
    assert (
        subscriber_list.read_subscribers()["x0@example.org"].status is SubscriberStatus.unsubscribed
    )


def test_writing_a_list_lets_nobody_between(subscriber_list: SubscriberList) -> None:
    """From the first look at the list on, no other program writes.

    What was compared is what is changed.
    """
    with subscriber_list.database.begin() as connection:
        suppress(connection, "raderad@example.org", SuppressionReason.erased, subscriber_list.now)
    other = open_database(str(subscriber_list.database.engine.url))
    sa.event.listen(
        other.engine,
        "connect",
        lambda connection, _record: connection.execute("PRAGMA busy_timeout=0"),
    )
    other.engine.dispose()
    path = subscriber_list.folder / "list.csv"
    path.write_text("email\nraderad@example.org\nb@example.org\n")
    tried: list[RefusedRow] = []

    class Writer(ImportListener):
        def on_refused(self, row: RefusedRow) -> None:
            tried.append(row)
            with pytest.raises(StoreError, match="locked"), other.begin():
                pass

    import_list.import_list(
        subscriber_list.database,
        path,
        subscriber_list.now,
        listener=Writer(),
        options=ImportOptions(keyed_hash=make_keyed_hash),
    )
    other.close()
    assert [row.code for row in tried] == ["erased"]


def test_nothing_in_a_cell_is_more_than_text(subscriber_list: SubscriberList) -> None:
    """SQL, templates, NUL, control characters: kept as they are (NUL aside), and without effect."""
    names = [
        "'); DROP TABLE subscribers;--",
        "{{7*7}}",
        "a\0b",
        "\x1b[31m",
        "x\r\nBcc: y",
        "${jndi:ldap}",
        "\u202eabc",
        "%s%n",
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["email", "name"])
    writer.writerows([f"r{number}@example.org", name] for number, name in enumerate(names))
    assert subscriber_list.import_text(out.getvalue()).added == len(names)
    assert [person.name for person in subscriber_list.read_subscribers().values()] == [
        name.replace("\0", "") for name in names
    ]


LOCALS = st.text(st.sampled_from("abAZ09.+-_'!#=@\" åſ"), min_size=0, max_size=70)
TOO_LONG = ("x" * 64 + ".org", ("a" * 60 + ".") * 4 + "org")
DOMAINS = st.text(
    st.sampled_from("abz09.-AZxn örg＠ .ⅰ"), min_size=0, max_size=20
) | st.sampled_from(
    [
        "example.org",
        "Example.ORG",
        "xn--rksmrgs-5wao1o.example",
        "räksmörgås.example",
        "a.test",
        "localhost",
        *TOO_LONG,
    ]
)


@settings(max_examples=600, deadline=None)
@given(local=LOCALS, domain=DOMAINS)
@example(local="a" * 64, domain="example.org")
@example(local="a" * 65, domain="example.org")
@example(local="a" * 64, domain="b" * 60 + "." + "c" * 60 + "." + "d" * 60 + ".example")
@example(local="a" * 60, domain="b" * 60 + "." + "c" * 60 + "." + "d" * 60 + ".example.org")
def test_the_fast_path_says_what_the_slow_one_says(local: str, domain: str) -> None:
    """Where it answers at all, the answer is `parse_address`'s, to the letter."""
    text = f"{local}@{domain}"
    if (quick := parse_address_fast(text)) is None:
        return
    try:
        address = parse_address(text)
    except AddressError:
        pytest.fail(f"{text!r} was let through")
    assert quick == (address.email, address.key)


@pytest.mark.parametrize(
    ("email", "told"),
    [
        ("anna@" + "gmial" + ".com", True),
        ("anna@" + "gmail" + ".con", True),
        ("anna@" + "hotmial" + ".se", True),
        ("anna@" + "gmail" + ".com", False),
        ("anna@" + "ymail" + ".com", False),
        ("info@example.org", True),
        ("anna@example.org", False),
    ],
)
def test_doubts_are_told_and_nothing_is_changed(
    subscriber_list: SubscriberList, email: str, told: bool
) -> None:
    """A likely slip of the finger, or an office: a person looks at it."""
    assert (find_address_warning(email) is not None) is told
    found = subscriber_list.import_text(f"email\n{email}\n")
    assert (found.warning_count, len(found.warnings)) == (told, told)
    assert set(subscriber_list.read_subscribers()) == {email}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sv", "sv"),
        ("SV_se", "sv-SE"),
        ("Svenska", "sv"),
        ("german", "de"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("klingonska", ""),
        ("", ""),
        ("s v", ""),
    ],
)
def test_languages_as_lists_write_them(text: str, code: str) -> None:
    """A code or a name in three languages; what isn't known is left open."""
    assert normalise_language(text) == code


def test_memory_is_flat_and_every_row_arrives(subscriber_list: SubscriberList) -> None:
    """More rows than a chunk, with one address again in another chunk."""
    rows = "".join(f"r{number}@example.org,R {number}\n" for number in range(25_000))
    shares: list[float] = []
    found = subscriber_list.import_text(
        f"email,name\n{rows}R7@example.org,Sju\n", on_progress=shares.append
    )
    assert (found.added, found.duplicates) == (25_000, 1)
    assert subscriber_list.read_subscribers()["r7@example.org"].name == "R 7"
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_fields_are_json_that_both_databases_read(subscriber_list: SubscriberList) -> None:
    """Names of fields from outside are text like any other."""
    subscriber_list.import_text('email,"O""rt",Ort,Ort,\na@example.org,ett,2,3,4\n')
    person = subscriber_list.read_subscribers()["a@example.org"]
    assert person.fields == {'O"rt': "ett", "Ort": "2", "Ort 2": "3", "column 5": "4"}
    assert json.loads(json.dumps(dict(person.fields))) == person.fields


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ("manual complained", "complained"),
        ("complained manual", "complained"),
        ("bounced unsubscribed", "unsubscribed"),
        ("active bounced", "bounced"),
        ("manual unsubscribed active", "manual"),
    ],
)
def test_of_several_reasons_in_a_list_the_strongest_counts(
    subscriber_list: SubscriberList, rows: str, status: str
) -> None:
    """A complaint isn't lost behind a block by staff, whichever row comes first."""
    lines = "".join(f"anna@example.org,{word}\n" for word in rows.split())
    subscriber_list.import_text(f"email,status\n{lines}")
    assert subscriber_list.read_subscribers()["anna@example.org"].status.value == status
    with subscriber_list.database.read() as connection:
        assert suppressions.count_by_reason(connection) == {status: 1}


@pytest.mark.parametrize(
    ("before", "imported", "after"),
    [
        ("unsubscribed", "complained", "complained"),
        ("manual", "complained", "complained"),
        ("bounced", "unsubscribed", "unsubscribed"),
        ("complained", "unsubscribed", "complained"),
        ("complained", "active", "complained"),
        ("unsubscribed", "bounced", "unsubscribed"),
        ("unsubscribed", "unsubscribed", "unsubscribed"),
    ],
)
def test_an_imported_reason_takes_the_place_of_a_weaker_one(
    subscriber_list: SubscriberList, before: str, imported: str, after: str
) -> None:
    """A complaint in a list isn't dropped where the subscriber had unsubscribed."""
    subscriber_list.import_text(f"email,status\nanna@example.org,{before}\n")
    subscriber_list.import_text(f"email,status\nanna@example.org,{imported}\n")
    assert subscriber_list.read_subscribers()["anna@example.org"].status.value == after
    with subscriber_list.database.read() as connection:
        assert suppressions.count_by_reason(connection) == {after: 1}
