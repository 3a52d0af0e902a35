"""A column that says no is never carried along in silence."""

from pathlib import Path

import pytest

from newsletter.errors import ListError
from newsletter.subscribers.importing.column_mapping import map_by_header
from newsletter.subscribers.importing.column_watcher import ColumnWatcher
from newsletter.subscribers.importing.columns import ColumnRole
from newsletter.subscribers.importing.doubtful_columns import DoubtfulColumn, DoubtfulColumnsError
from newsletter.subscribers.importing.import_list import ImportOptions
from newsletter.subscribers.importing.row_parser import ParsedRow, make_row_parser
from tests.subscribers.conftest import SubscriberList, make_keyed_hash

EXPORTS = sorted((Path(__file__).parent / "exports").iterdir())
#: A column's name, what stands in it of who wants letters, and of who doesn't.
SAY_NO = """
Blockerad|Nej,Ja
Utskicksstopp|,x
Nixad|,2024-01-01
Tackat nej|,Ja
Avslutad|,2023-05-06
Vill inte ha brev|,x
Inga utskick|0,1
GDPR|Ja,Nej
Godkänner utskick|Ja,Nej
Får vi mejla|J,N
Kod 7|Y,N
Reg|,2022-02-02
Läge|Aktiv,Avregistrerad
Prenumeration|Ja,Pausad
Opt-in|1,0
Opted Out|FALSE,TRUE
HasOptedOutOfEmail|0,1
DNC|0,1
do_not_email|false,true
Suppressed Reason|,hard bounce
Hold|,3
Bounce Count|0,4
On hold|No,Yes
Is Suspended|0,1
Deleted|,2024-02-01
Removed at|,2024-02-01 10:00
Email Status Reason|,unsubscribed
Receives mail|yes,no
Marketing permission|Granted,Denied
Allow emails|true,false
Mailable|TRUE,FALSE
Active|1,0
Email valid|true,false
Quarantined|,true
Comment|nice,please do not send mail
Anteckning|bra,vill ej ha nyhetsbrev
Abgemeldet?|nein,ja
Werbesperre|,x
Einwilligung|ja,nein
Widerruf am|,01.02.2024
E-Mail erlaubt|WAHR,FALSCH
Reservert mot e-post|,ja
Samtykke|ja,nei
Avmeldt|nei,ja
Slettet|,1
Afmeldt dato|,01-02-2024
Tilladelse|Ja,Nej
Uitgeschreven|nee,ja
Toestemming|ja,nee
Geblokkeerd|0,1
Markkinointikielto|,x
Suostumus|kyllä,ei
Peruutettu|,1.2.2024
Désabonné|non,oui
Désinscrit le|,02/03/2024
Consentement|oui,non
NPAI|,x
Liste noire|FAUX,VRAI
Dado de baja|no,sí
Fecha de baja|,2024-01-01
Acepta correos|sí,no
Bloqueado|FALSO,VERDADERO
Reception|mail,nomail
Subscription status text|Subscribed,Unsubscribed by admin
flag|,*
unsub|,1
Kontakt via e-post|Ja,Nej
Newsletter|Weekly,None
Email preference|All,None
Unsubscribe reason|,för mycket
Exkludera|,x
Spam reported|0,1
Inaktuell|,x
Status 2|ok,spärrad
Mottagare|Ja,Nej
Abonnent|J,N
Deceased|,yes
Frivillig|sant,falskt
Emailstatus|valid,invalid
Sändlista|1,0
Kan ej nås|,x
Utträdd|,2020
Avliden|,2020-01-01
"""
#: Columns that say nothing of letters, with what stands in them.
SAY_NOTHING = """
Skapad|2024-01-01,,2024-02-02
updated_at|2024-01-01 10:00,,
Last Opened|,2024-01-01,
Födelsedag|,1970-01-01,
Senast inloggad|2024-01-01,,
Date of birth|,01/02/1980,
Opens|0,1,0
Antal köp|1,0,1
Kön|K,M,K
Gender|F,M,F
Land|SE,NO,DK
Country code|NO,NO,SE
Storlek|S,M,X
Kundnummer|1,2,3
Ort|Umeå,Luleå,
Anställd|Ja,Nej,Ja
VIP|yes,no,no
SMS-samtycke|Ja,Nej,Nej
Do not call|1,0,1
Privat|Falskt,Falskt,Falskt
Kommentar|Bra,Träffades i Falun,
Nyhetsbrev|Ja,Ja,Ja
Samtycke|2024-01-01,2024-01-02,2024-01-03
Spärrad|Nej,Nej,Nej
Opted out|0,0,
Marketing emails clicked|0,3,1
Household|,,
"""


def judge(
    name: str, cells: list[str], given: ColumnRole | None = None
) -> tuple[list[str], tuple[DoubtfulColumn, ...]]:
    """Return the statuses of a list's rows, and its doubtful columns."""
    header = ["email", "namn", name]
    columns = map_by_header(header, {name: given} if given else {})
    assert columns is not None
    watcher, parse = ColumnWatcher(columns, header), make_row_parser(columns, ";")
    statuses = []
    for line, cell in enumerate(cells, 2):
        row = [f"a{line}@example.org", f"N{line}", cell]
        parsed = parse(line, row)
        status = parsed.status or "active" if isinstance(parsed, ParsedRow) else "refused"
        watcher.add(row, counts=status == "active")
        statuses.append(status)
    return statuses, watcher.find_doubtful_columns()


def read_cases(text: str) -> list[tuple[str, list[str]]]:
    """Return names of columns with cells."""
    lines = (line.partition("|") for line in text.strip().splitlines())
    return [(name, cells.split(",")) for name, _, cells in lines]


@pytest.mark.parametrize(("name", "cells"), read_cases(SAY_NO), ids=str)
def test_a_no_in_any_words_gets_no_letters(name: str, cells: list[str]) -> None:
    """It is understood, or it stops the import; and what is then proposed takes that row off."""
    yes, no = cells
    statuses, doubtful = judge(name, [yes, yes, no])
    if doubtful:
        assert [column.name for column in doubtful] == [name]
        statuses, left = judge(name, [yes, yes, no], doubtful[0].guess)
        assert not left, "what was said isn't asked again"
    assert statuses[2] != "active"
    assert "unsubscribed" not in statuses[:2]


@pytest.mark.parametrize(("name", "cells"), read_cases(SAY_NOTHING), ids=str)
def test_what_says_nothing_of_letters_stops_nothing(name: str, cells: list[str]) -> None:
    """Dates and counts under neutral names, other channels, and columns in which all say yes."""
    statuses, doubtful = judge(name, cells)
    assert (set(statuses), doubtful) == ({"active"}, ())


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.stem)
def test_exports_without_a_no_need_no_option(subscriber_list: SubscriberList, path: Path) -> None:
    """Everybody in them gets letters."""
    found = subscriber_list.import_text(path.read_bytes())
    assert (found.added, found.refused) == (2, 0)
    people = subscriber_list.read_subscribers().values()
    assert {person.status.value for person in people} == {"active"}


@pytest.mark.parametrize("role", [ColumnRole.ignore, ColumnRole.leave_out])
def test_a_person_has_the_last_word(role: ColumnRole) -> None:
    """What is ignored is kept as a field, what is left out isn't kept."""
    statuses, doubtful = judge("Kod", ["J", "N"], role)
    assert (statuses, doubtful) == (["active", "active"], ())
    columns = map_by_header(["email", "Kod"], {"Kod": role})
    assert columns is not None
    assert bool(columns.fields) is (role is ColumnRole.ignore)


def test_who_is_off_already_raises_no_doubt() -> None:
    """The reason of somebody who has left needs no explanation."""
    header = ["email", "unsubscribed", "Orsak till avregistrering"]
    columns = map_by_header(header)
    assert columns is not None
    watcher = ColumnWatcher(columns, header)
    watcher.add(["a@example.org", "yes", "för många brev"], counts=False)
    watcher.add(["b@example.org", "", ""], counts=True)
    assert watcher.find_doubtful_columns() == ()


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Personnr", ["811218-9876", "19670919-9530"]),
        ("Nummer", ["811218-9876", "670919-9530"]),
        ("Hetu", ["131052-308T", ""]),
        ("PNR", ["abc", "def"]),
    ],
)
def test_identity_numbers_are_refused_and_not_shown(name: str, cells: list[str]) -> None:
    """By the column's name, or by what is in it."""
    _, doubtful = judge(name, cells)
    assert doubtful == (DoubtfulColumn(name=name, guess=ColumnRole.leave_out, examples=()),)
    assert judge(name, cells, ColumnRole.leave_out)[1] == ()


def test_a_doubtful_column_changes_nothing(subscriber_list: SubscriberList) -> None:
    """Not even the rows that nobody doubts."""
    subscriber_list.import_text("email\na@example.org\n")
    before = subscriber_list.dump_database()
    content = "email;Kryss\na@example.org;x\nb@example.org;\n"
    with pytest.raises(DoubtfulColumnsError, match="Kryss") as caught:
        subscriber_list.import_text(content)
    assert subscriber_list.dump_database() == before
    (column,) = caught.value.columns
    assert column.examples == ("x",)
    given = ImportOptions(keyed_hash=make_keyed_hash, mapping={"kryss": ColumnRole.ignore})
    assert subscriber_list.import_text(content, options=given).added == 1


def test_what_columns_were_understood_as_is_told_before_anything_changes(
    subscriber_list: SubscriberList,
) -> None:
    """Name, meaning, and at most three different examples."""
    rows = "".join(f"a{n}@example.org;Ort {n % 2};N{n};0\n" for n in range(9))
    subscriber_list.import_text(f"Mejl;Ort;Förnamn;blacklisted\n{rows}")
    told = [(column.name, column.meaning, column.examples) for column in subscriber_list.columns]
    assert told == [
        ("Mejl", "email", ("a0@example.org", "a1@example.org", "a2@example.org")),
        ("Ort", "field", ("Ort 0", "Ort 1")),
        ("Förnamn", "first", ("N0", "N1", "N2")),
        ("blacklisted", "stop", ("0",)),
    ]


def test_a_list_without_a_header_whose_second_column_says_yes_or_no_is_refused(
    subscriber_list: SubscriberList,
) -> None:
    """Nobody is called Nej."""
    with pytest.raises(ListError, match="first row"):
        subscriber_list.import_text("a@example.org;Ja\nb@example.org;Nej\n")
    assert subscriber_list.read_subscribers() == {}
