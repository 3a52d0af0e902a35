"""Lists that aren't CSV, columns that can't be told, wordings.

Lists of whom not to write to.
"""

import contextlib
import io
import json
import resource
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.domain.subscriber import SubscriberStatus, SuppressionReason
from newsletter.errors import ListError, NewsletterError
from newsletter.store import subscribers, suppressions
from newsletter.subscribers.importing import convert_worker, vcard
from newsletter.subscribers.importing.columns import ColumnRole
from newsletter.subscribers.importing.doubtful_columns import DoubtfulColumnsError
from newsletter.subscribers.importing.import_list import ImportOptions, import_list
from newsletter.subscribers.importing.sheet_reader import open_sheet
from newsletter.subscribers.importing.suppression_import import import_suppressions
from tests.cli.subscribers.test_subscribers import SubscribersCli, subscribers_cli
from tests.subscribers.conftest import SubscriberList, make_keyed_hash

__all__ = ["subscribers_cli"]
MAIN_NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def build_xlsx(rows: list[list[str]], *, shared: bool = True, bomb: int = 0) -> bytes:
    """Write a spreadsheet as Excel does (shared texts) or as other programs do (inline)."""
    texts: list[str] = []
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for at, text in enumerate(row):
            if not text:
                continue
            place = f"{chr(65 + at)}{number}"
            if shared:
                texts.append(text)
                cells.append(f'<c r="{place}" t="s"><v>{len(texts) - 1}</v></c>')
            else:
                cells.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        subscriber_list = (
            f'<workbook {MAIN_NAMESPACE} xmlns:r="{relation}"><sheets><sheet name="Blad"'
            ' sheetId="7" r:id="rId3"/></sheets></workbook>'
        )
        packed.writestr("xl/workbook.xml", subscriber_list)
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId3" Type="x" Target="worksheets/lista.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/worksheets/lista.xml",
            "<worksheet"
            f" {MAIN_NAMESPACE}><sheetData>{''.join(lines)}{' ' * bomb}</sheetData></worksheet>",
        )
        runs = "".join(
            f'<si><r><t xml:space="preserve">{escape(text)}</t></r><rPh><t>x</t></rPh></si>'
            for text in texts
        )
        packed.writestr("xl/sharedStrings.xml", f"<sst {MAIN_NAMESPACE}>{runs}</sst>")
    return out.getvalue()


@pytest.mark.parametrize("shared", [True, False])
def test_a_spreadsheet_is_read_as_it_is(subscriber_list: SubscriberList, shared: bool) -> None:
    """Empty cells keep their place; line ends, commas and Swedish letters stand."""
    rows = [
        ["Namn", "E-post", "Ort", "Taggar"],
        ["Åsa, Öberg\n& Co", "asa@example.org", "", "press;kultur"],
        ["", "bo@example.org", "Umeå", ""],
    ]
    found = subscriber_list.import_text(build_xlsx(rows, shared=shared))
    assert (found.added, found.refused) == (2, 0)
    people = subscriber_list.read_subscribers()
    assert (people["asa@example.org"].name, people["asa@example.org"].tags) == (
        "Åsa, Öberg\n& Co",
        ("press", "kultur"),
    )
    assert people["bo@example.org"].fields == {"Ort": "Umeå"}


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 not a zip",
        build_xlsx([["email"], ["a@example.org"]])[:300],
        b"\xd0\xcf\x11\xe0 an old one",
    ],
)
def test_a_broken_spreadsheet_is_told(subscriber_list: SubscriberList, content: bytes) -> None:
    """With what to do."""
    with pytest.raises(ListError, match="CSV"):
        subscriber_list.import_text(content)


def test_entities_of_a_spreadsheet_are_left_alone(
    subscriber_list: SubscriberList, tmp_path: Path
) -> None:
    """No file of ours gets in, and nothing explodes."""
    secret = tmp_path / "secret"
    secret.write_text("hemligt@example.org")
    out = io.BytesIO()
    evil = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    with zipfile.ZipFile(out, "w") as packed:
        sheet = (
            f"{evil}<worksheet {MAIN_NAMESPACE}><sheetData><row><c"
            ' t="inlineStr"><is><t>email</t></is></c></row>'
        )
        sheet += (
            '<row><c t="inlineStr"><is><t>&e;</t></is></c></row><row><c'
            ' t="inlineStr"><is><t>a@example.org</t></is></c></row>'
        )
        packed.writestr("xl/worksheets/sheet1.xml", sheet + "</sheetData></worksheet>")
    subscriber_list.import_text(out.getvalue())
    assert set(subscriber_list.read_subscribers()) == {"a@example.org"}


@settings(max_examples=200, deadline=None)
@given(
    content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)),
    kind=st.sampled_from(["vcard", "xlsx"]),
)
def test_whatever_a_file_holds_it_is_read_or_refused(content: bytes, kind: str) -> None:
    """Never a crash."""
    head = b"BEGIN:VCARD\r\n" if kind == "vcard" else b"PK\x03\x04"
    with contextlib.suppress(NewsletterError):
        convert_worker.respond([kind, "list"], io.BytesIO(head + content), io.BytesIO())


def build_xlsx_of(sheet: bytes, texts: bytes = b"<sst/>") -> bytes:
    """Return a spreadsheet of two parts as they stand, packed as small as can be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", sheet)
        packed.writestr("xl/sharedStrings.xml", texts)
    return out.getvalue()


TOO_MUCH = 40_000_000


@pytest.mark.parametrize(
    "content",
    [
        build_xlsx_of(b"<worksheet><row>" + b"<c/>" * (TOO_MUCH // 4) + b"</row></worksheet>"),
        build_xlsx_of(b"<w/>", b"<sst>" + b"<si/>" * (TOO_MUCH // 5) + b"</sst>"),
        build_xlsx_of(b"<worksheet " + b" " * TOO_MUCH + b"/>", b"<sst><si>" + b"<t/>" * 9_999_999),
        build_xlsx_of(
            b"<worksheet>" + b'<row><c t="s"><v>0</v></c></row>' * 20_000 + b"</worksheet>",
            b"<sst><si><t>" + b"email" * 2_000 + b"</t></si></sst>",
        ),
    ],
    ids=["one row of cells", "texts that nobody shares", "one text of parts", "one text of all"],
)
def test_a_small_spreadsheet_that_unpacks_to_gigabytes_is_refused(
    content: bytes, tmp_path: Path
) -> None:
    """A row of ten million cells, say: this process never sees one of them."""
    assert len(content) < 200_000
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ListError, match="CSV"):
        open_sheet(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


VCARDS = """BEGIN:VCARD
VERSION:3.0
N:Lind;Anna;;;
FN:Anna Lind
EMAIL;TYPE=WORK:anna.arbete@example.org
item1.EMAIL;type=INTERNET;type=pref:anna@example.org
CATEGORIES:Press,Kultur\\, teater
LANG:sv
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=96berg;=C3=85sa=
;;;
EMAIL;INTERNET:asa@example.org
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Bo
  Ek
EMAIL;PREF=2:bo2@example.org
EMAIL;PREF=1:bo@example.org
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Utan adress
END:VCARD
"""


def test_address_cards_of_three_versions(subscriber_list: SubscriberList) -> None:
    """The preferred address of each card, names unfolded and decoded."""
    found = subscriber_list.import_text(VCARDS.replace("\n", "\r\n"))
    assert (found.added, found.refused) == (3, 0)
    people = subscriber_list.read_subscribers()
    assert {email: person.name for email, person in people.items()} == {
        "anna@example.org": "Anna Lind",
        "asa@example.org": "Åsa Öberg",
        "bo@example.org": "Bo Ek",
    }
    assert (people["anna@example.org"].tags, people["anna@example.org"].language) == (
        ("Press", "Kultur", "teater"),
        "sv",
    )


@pytest.mark.parametrize(
    "name",
    [
        b"FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:=C5sa =D6st",
        b"FN;ENCODING=QUOTED-PRINTABLE:=C5sa =D6st",
        b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=85sa=\r\n =C3=96st",
        b"FN;CHARSET=NOSUCH;QUOTED-PRINTABLE:=C3=85sa =C3=\r\n=96st",
    ],
)
def test_old_cards_name_their_alphabet(subscriber_list: SubscriberList, name: bytes) -> None:
    """Or don't, or one that nobody knows; and break their lines anywhere."""
    subscriber_list.import_text(
        b"BEGIN:VCARD\r\nVERSION:2.1\r\n" + name + b"\r\nEMAIL:asa@example.org\r\nEND:VCARD\r\n"
    )
    assert subscriber_list.read_subscribers()["asa@example.org"].name == "Åsa Öst"


def test_cards_as_rows_have_our_own_columns() -> None:
    """So that nothing has to be guessed."""
    assert next(iter(vcard.parse_rows("BEGIN:VCARD\nEND:VCARD"))) == [
        "email",
        "name",
        "language",
        "tags",
        "status",
    ]


def test_columns_can_be_named(subscriber_list: SubscriberList) -> None:
    """Where two hold addresses, or none is called so; a name that isn't there is told."""
    path = subscriber_list.folder / "k.csv"
    path.write_text("Vem;Kontakt;Chef\nAnna;anna@example.org;chef@example.org\n", "utf-8")
    mapping = {"kontakt": ColumnRole.email, "VEM": ColumnRole.name}
    found = import_list(
        subscriber_list.database,
        path,
        subscriber_list.now,
        listener=subscriber_list,
        options=ImportOptions(keyed_hash=make_keyed_hash, mapping=mapping),
    )
    assert found.added == 1
    person = subscriber_list.read_subscribers()["anna@example.org"]
    assert (person.name, person.fields) == ("Anna", {"Chef": "chef@example.org"})
    with pytest.raises(ListError):
        import_list(
            subscriber_list.database,
            path,
            subscriber_list.now,
            listener=subscriber_list,
            options=ImportOptions(keyed_hash=make_keyed_hash, mapping={"Mejl": ColumnRole.email}),
        )


@pytest.mark.parametrize(
    ("header", "cell", "status"),
    [
        ("UNSUB_TIME", "2022-01-01 00:00:00", SubscriberStatus.unsubscribed),
        ("UNSUB_TIME", "", SubscriberStatus.active),
        ("unsubscribed_at", "0000-00-00 00:00:00", SubscriberStatus.active),
        ("Unsubscribed", "Yes", SubscriberStatus.unsubscribed),
        ("Unsubscribed", "false", SubscriberStatus.active),
        ("CLEAN_TIME", "2022-01-01 00:00:00", SubscriberStatus.bounced),
        ("Avregistrerad", "nej", SubscriberStatus.active),
        ("Avregistrerad", "2022-01-01", SubscriberStatus.unsubscribed),
    ],
)
def test_a_list_of_those_who_left_brings_nobody_back(
    subscriber_list: SubscriberList, header: str, cell: str, status: SubscriberStatus
) -> None:
    """Mailchimp exports who left and who bounced as lists of their own.

    Which say so by a time only.
    """
    subscriber_list.import_text(
        f'"Email Address","First Name","{header}"\nanna@example.org,Anna,{cell}\n'
    )
    assert subscriber_list.read_subscribers()["anna@example.org"].status is status
    with subscriber_list.database.read() as connection:
        assert (suppressions.find_suppression(connection, "anna@example.org") is None) is (
            status is SubscriberStatus.active
        )


def test_a_field_of_our_own_export_is_a_field(subscriber_list: SubscriberList) -> None:
    """Whatever it is called; one that contradicts the status has to be explained once more."""
    content = "email,name,language,tags,status,Unsubscribed\nanna@example.org,,,,active,yes\n"
    with pytest.raises(DoubtfulColumnsError, match="Unsubscribed"):
        subscriber_list.import_text(content)
    ignored = {"Unsubscribed": ColumnRole.ignore}
    given = ImportOptions(keyed_hash=make_keyed_hash, mapping=ignored)
    subscriber_list.import_text(content, options=given)
    person = subscriber_list.read_subscribers()["anna@example.org"]
    assert (person.status, person.fields) == (SubscriberStatus.active, {"Unsubscribed": "yes"})


@pytest.mark.parametrize(
    ("style", "value", "written"),
    [
        ("0", "44197", "44197"),
        ("1", "44197", "2021-01-01"),
        ("2", "44197.4375", "2021-01-01 10:30:00"),
        ("3", "44197", "44197"),
        ("1", "1e300", "1e300"),
        ("99", "44197.0", "44197"),
    ],
)
def test_dates_of_a_spreadsheet_are_dates(
    subscriber_list: SubscriberList, tmp_path: Path, style: str, value: str, written: str
) -> None:
    """Not the number of days since 1900 that the file holds.

    A format that only says "dagar" makes none.
    """
    with zipfile.ZipFile(tmp_path / "lista.xlsx", "w") as packed:
        packed.writestr(
            "xl/styles.xml",
            f"<styleSheet {MAIN_NAMESPACE}><numFmts><numFmt numFmtId='164'"
            " formatCode='yyyy\\-mm\\-dd\\ hh:mm'/><numFmt numFmtId='165' formatCode='0\""
            " dagar\";[Red]0'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf"
            " numFmtId='164'/><xf numFmtId='165'/></cellXfs></styleSheet>",
        )
        head = "".join(
            f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("email", "Sedan")
        )
        row = (
            '<c t="inlineStr"><is><t>anna@example.org</t></is></c><c'
            f' s="{style}"><v>{value}</v></c>'
        )
        sheet = (
            "<worksheet"
            f" {MAIN_NAMESPACE}><sheetData><row>{head}</row><row>{row}</row></sheetData></worksheet>"
        )
        packed.writestr("xl/worksheets/sheet1.xml", sheet)
    subscriber_list.import_text((tmp_path / "lista.xlsx").read_bytes())
    assert subscriber_list.read_subscribers()["anna@example.org"].fields == {"Sedan": written}


def test_a_hidden_sheet_is_not_read(subscriber_list: SubscriberList, tmp_path: Path) -> None:
    """What the person sees is what is imported."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets = (
        '<sheet name="Gamla" sheetId="1" state="hidden" r:id="rId1"/><sheet name="Nya" sheetId="2"'
        ' r:id="rId2"/>'
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="x" Target="worksheets/sheet{n}.xml"/>' for n in (1, 2)
    )
    with zipfile.ZipFile(tmp_path / "lista.xlsx", "w") as packed:
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook {MAIN_NAMESPACE} xmlns:r="{relation}"><sheets>{sheets}</sheets></workbook>',
        )
        packed.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        for number, email in ((1, "gammal@example.org"), (2, "ny@example.org")):
            cells = "".join(
                f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>'
                for text in ("email", email)
            )
            packed.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f"<worksheet {MAIN_NAMESPACE}><sheetData>{cells}</sheetData></worksheet>",
            )
    subscriber_list.import_text((tmp_path / "lista.xlsx").read_bytes())
    assert list(subscriber_list.read_subscribers()) == ["ny@example.org"]


def test_german_headers_are_known(subscriber_list: SubscriberList) -> None:
    """As Swedish and English ones."""
    subscriber_list.import_text(
        "Vorname;Nachname;E-Mail-Adresse;Sprache;Gruppen;Status\nJörg;Groß;joerg@example.org;Deutsch;Presse;abgemeldet\n"
    )
    person = subscriber_list.read_subscribers()["joerg@example.org"]
    assert (person.name, person.language, person.tags, person.status) == (
        "Jörg Groß",
        "de",
        ("Presse",),
        SubscriberStatus.unsubscribed,
    )


def test_wording_and_who_imported_are_kept_with_each_consent(
    subscriber_list: SubscriberList,
) -> None:
    """The proof of an import."""
    path = subscriber_list.folder / "lista.csv"
    path.write_text("email\na@example.org\n", "utf-8")
    import_list(
        subscriber_list.database,
        path,
        subscriber_list.now,
        listener=subscriber_list,
        options=ImportOptions(keyed_hash=make_keyed_hash, wording="Ja, jag vill.", actor="maria"),
    )
    with subscriber_list.database.read() as connection:
        (proof,) = subscribers.list_consents(
            connection, subscriber_list.read_subscribers()["a@example.org"].id
        )
    assert (proof.source, proof.wording, proof.actor, proof.at) == (
        "import lista.csv",
        "Ja, jag vill.",
        "maria",
        subscriber_list.now,
    )


def test_a_list_of_whom_not_to_write_to(subscriber_list: SubscriberList) -> None:
    """Its own states count, a weaker reason changes none, twice is the same as once."""
    subscriber_list.import_text("email\na@example.org\nb@example.org\n")
    path = subscriber_list.folder / "spärrade.csv"
    path.write_text("email;status\na@example.org;bounced\nc@example.org;\nfel;\n", "utf-8")
    refused: list[object] = []
    reason = SuppressionReason.complained
    assert import_suppressions(
        subscriber_list.database, path, reason, subscriber_list.now, on_refused=refused.append
    ) == (2, 0)
    assert import_suppressions(
        subscriber_list.database, path, reason, subscriber_list.now, on_refused=refused.append
    ) == (0, 2)
    assert len(refused) == 2
    with subscriber_list.database.read() as connection:
        assert suppressions.count_by_reason(connection) == {"bounced": 1, "complained": 1}
    assert subscriber_list.read_subscribers()["a@example.org"].status is SubscriberStatus.bounced


def test_the_commands_for_all_this(subscribers_cli: SubscribersCli) -> None:
    """As staff use them."""
    wording = subscribers_cli.write_file("ord.txt", "Ja, jag vill ha brevet.")
    path = subscribers_cli.write_file(
        "lista.csv", "Vem;Kontakt\nAnna;anna@example.org\nBo;bo@blocked.example\n"
    )
    told = subscribers_cli.run_json(
        "import",
        str(path),
        "--column",
        "email=Kontakt",
        "--column",
        "name=Vem",
        "--wording",
        str(wording),
    )
    assert isinstance(told, dict)
    assert told["added"] == 2
    assert subscribers_cli.run("import", str(path), "--column", "Kontakt").exit_code == 1
    shown = subscribers_cli.run_json("show", "anna@example.org")
    assert isinstance(shown, dict)
    assert shown["consents"][0]["wording"] == "Ja, jag vill ha brevet."
    assert shown["consents"][0]["actor"]
    assert shown["letters"] == []
    assert subscribers_cli.run("suppress", "@blocked.example").exit_code == 0
    assert subscribers_cli.run("add", "x@blocked.example", "--consent", "ringde").exit_code == 1
    assert (
        subscribers_cli.run(
            "suppress",
            "--file",
            str(subscribers_cli.write_file("s.csv", "email\nc@example.org\n")),
            "--reason",
            "complained",
        ).exit_code
        == 0
    )
    assert subscribers_cli.run("suppress").exit_code == 2
    assert subscribers_cli.run("erase", "anna@example.org", "--yes").exit_code == 0
    assert subscribers_cli.run("show", "anna@example.org").exit_code == 1
    assert subscribers_cli.run("add", "anna@example.org", "--consent", "ringde").exit_code == 1
    out = subscribers_cli.folder / "allt.json"
    subscribers_cli.run("export", str(out))
    assert "anna" not in json.dumps(json.loads(out.read_text("utf-8")))


def test_blns_as_names_comes_back_the_same(subscriber_list: SubscriberList) -> None:
    """The big list of naughty strings, formulas, right-to-left text and emoji: out and in again."""
    from newsletter.domain.subscriber import Subscriber, SubscriberId
    from newsletter.store.subscribers import add
    from newsletter.subscribers.exporting import write_csv

    file = Path(__file__).parents[4] / "shared" / "corpora" / "blns.json"
    if not file.is_file():
        pytest.skip("needs ../shared/corpora/blns.json")
    names = [
        *json.loads(file.read_text("utf-8")),
        "=1+1",
        "'=1",
        '"a","b"',
        "a\r\nb",
        "👩‍👩‍👧",
        "\u202eابج",
        "@SUM(A1)",
    ]
    names = [name.replace("\0", "") for name in names]
    with subscriber_list.database.begin() as connection:
        for number, name in enumerate(names):
            email = f"r{number}@example.org"
            add(
                connection,
                Subscriber(id=SubscriberId(0), email=email, name=name, created=subscriber_list.now),
                email,
            )
    out = io.StringIO(newline="")
    with subscriber_list.database.read() as connection:
        write_csv(out, subscribers.iter_subscribers(connection), [])
    before = subscriber_list.read_subscribers()
    subscriber_list.clear()
    found = subscriber_list.import_text(out.getvalue())
    assert (found.refused, found.added) == (0, len(names))
    assert {email: person.name for email, person in subscriber_list.read_subscribers().items()} == {
        email: person.name for email, person in before.items()
    }
