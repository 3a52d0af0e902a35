"""Which column of a list is what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.domain.subscriber import SubscriberStatus
from newsletter.subscribers.importing.column_mapping import (
    is_address,
    map_by_content,
    map_by_header,
    map_without_header,
)
from newsletter.subscribers.importing.columns import (
    OWN_COLUMNS,
    REPORT_COLUMNS,
    ColumnRole,
    Columns,
)


@pytest.mark.parametrize(
    ("header", "role", "place"),
    [
        (["E-post", "Namn"], "email", 0),
        (["Namn", "E-postadress"], "email", 1),
        (["Name", "E-Mail-Adresse"], "email", 1),
        (["Email 1 - Value", "Name"], "email", 0),
        (["MEJL", "Övrigt"], "email", 0),
        (["email", "Full Name"], "name", 1),
        (["email", "Visningsnamn"], "name", 1),
        (["email", "Förnamn", "Efternamn"], "first_name", 1),
        (["email", "Vorname", "Nachname"], "last_name", 2),
        (["email", "Språk"], "language", 1),
        (["email", "preferred_language"], "language", 1),
        (["email", "Taggar"], "tags", 1),
        (["email", "Schlagwörter"], "tags", 1),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else str(value),
)
def test_headers_in_three_languages(header: list[str], role: str, place: int) -> None:
    """Case, spaces and hyphens of a header don't matter."""
    found = map_by_header(header)
    assert found is not None
    assert getattr(found, role) == place
    assert found.width == len(header)


def test_a_header_in_full_width_letters_is_read() -> None:
    """NFKC makes one letter of the forms that East Asian keyboards write."""
    found = map_by_header(["ｅｍａｉｌ"])
    assert found is not None
    assert found.email == 0


@pytest.mark.parametrize(
    "header",
    [["Namn", "Ort"], ["", ""], ["anna@example.org"], []],
    ids=["none", "empty", "data", "no"],
)
def test_a_header_without_addresses_maps_nothing(header: list[str]) -> None:
    """A list whose addresses nobody has named isn't guessed at here."""
    assert map_by_header(header) is None


def test_the_first_of_two_columns_of_a_kind_counts() -> None:
    """The second one is a field of its own, so that nothing is lost."""
    found = map_by_header(["email", "e-post", "namn", "name"])
    assert found is not None
    assert (found.email, found.name) == (0, 2)
    assert found.fields == ((1, "e-post"), (3, "name"))


def test_all_columns_of_status_count() -> None:
    """A list may say it in several places; each is read."""
    found = map_by_header(["email", "status", "Abo-Status", "subscribed"])
    assert found is not None
    assert found.status == (1, 2)
    assert [column.at for column in found.consents] == [3]


def test_beside_a_whole_name_its_parts_are_fields() -> None:
    """Or else a name would be put together twice."""
    found = map_by_header(["email", "Förnamn", "Efternamn", "Namn"])
    assert found is not None
    assert (found.name, found.first_name, found.last_name) == (3, None, None)
    assert found.fields == ((1, "Förnamn"), (2, "Efternamn"))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("unsubscribed_at", SubscriberStatus.unsubscribed),
        ("UNSUB_TIME", SubscriberStatus.unsubscribed),
        ("Opt-out date", SubscriberStatus.unsubscribed),
        ("Avregistrerad", SubscriberStatus.unsubscribed),
        ("Abgemeldet am", SubscriberStatus.unsubscribed),
        ("CLEAN_TIME", SubscriberStatus.bounced),
        ("Complained at", SubscriberStatus.complained),
    ],
)
def test_a_column_with_a_time_in_it_means_a_status(name: str, status: SubscriberStatus) -> None:
    """Mailchimp's lists of those who left have no other sign of it; the time is kept as a field."""
    found = map_by_header(["email", name])
    assert found is not None
    assert found.status_flags == ((1, status),)
    assert found.fields == ((1, name),)


def test_our_own_export_is_known_by_its_first_columns() -> None:
    """Whatever its fields are called, they are fields."""
    found = map_by_header([*OWN_COLUMNS, "Förnamn", "unsubscribed_at"])
    assert found is not None
    assert found.is_own_export
    assert found.fields == ((5, "Förnamn"), (6, "unsubscribed_at"))
    assert found.status_flags == ()
    assert (found.first_name, found.status) == (None, (4,))


def test_our_own_report_of_refused_rows_can_be_imported() -> None:
    """What we put before a row is no field of it."""
    found = map_by_header([*REPORT_COLUMNS, "email", "Ort"])
    assert found is not None
    assert (found.email, found.fields) == (2, ((3, "Ort"),))


def test_given_names_win_over_what_headers_say() -> None:
    """`--column name=Kontakt`: the header's own name column is a field then."""
    found = map_by_header(
        ["Vem", "Namn", "Post"], {"post": ColumnRole.email, " VEM ": ColumnRole.name}
    )
    assert found is not None
    assert (found.email, found.name) == (2, 0)
    assert found.fields == ((1, "Namn"),)


def test_what_wasnt_named_is_still_known() -> None:
    """Naming one column forgets none of the others."""
    found = map_by_header(["Kontakt", "Språk", "Ort"], {"Kontakt": ColumnRole.email})
    assert found is not None
    assert (found.email, found.language, found.fields) == (0, 1, ((2, "Ort"),))


def test_a_whole_name_that_was_named_leaves_its_parts_as_fields() -> None:
    """As it is where nothing was named."""
    found = map_by_header(["email", "Förnamn", "Vem"], {"Vem": ColumnRole.name})
    assert found is not None
    assert (found.name, found.first_name) == (2, None)


@pytest.mark.parametrize(
    "mapping",
    [{"Saknas": ColumnRole.email}, {"Namn": ColumnRole.name}],
    ids=["a column that isn't there", "no addresses"],
)
def test_names_that_lead_nowhere_map_nothing(mapping: dict[str, ColumnRole]) -> None:
    """A slip in `--column` isn't passed over."""
    assert map_by_header(["Namn", "Ort"], mapping) is None


def test_the_one_column_full_of_addresses_is_found() -> None:
    """Eight of ten will do: some cells are always empty."""
    rows = [["Anna", f"a{number}@example.org", "x"] for number in range(8)] + [["Bo", "", "x"]] * 2
    found = map_by_content(["Namn", "Konto", "Ort"], rows)
    assert found is not None
    assert (found.email, found.name, found.fields) == (1, 0, ((2, "Ort"),))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["a@example.org", "b@example.org"]],
        [["a@example.org", "x"], ["", "x"], ["", "x"]],
        [["x", "y"]],
    ],
    ids=["no rows", "two columns", "a third", "none"],
)
def test_content_that_is_unclear_maps_nothing(rows: list[list[str]]) -> None:
    """A wrong address is somebody else's: nobody guesses."""
    assert map_by_content(["Ett", "Två"], rows) is None


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (["a@example.org"], Columns(width=1, email=0)),
        (["Anna", "a@example.org"], Columns(width=2, email=1, name=0)),
        (["a@example.org", "", "Anna"], Columns(width=3, email=0, name=2)),
        (["a@example.org", "Anna", "Umeå"], None),
        (["a@example.org", "b@example.org"], None),
        (["Anna", "Umeå"], None),
        ([""], None),
    ],
    ids=["alone", "after a name", "before a name", "two others", "two", "none", "empty"],
)
def test_lists_without_a_header(row: list[str], columns: Columns | None) -> None:
    """An address, and at most a name beside it."""
    assert map_without_header(row) == columns


@pytest.mark.parametrize(
    ("cell", "looks"),
    [
        ("anna@example.org", True),
        (" <anna@example.org> ", True),
        ("'anna@exämple.org'", True),
        ("anna＠example.org", True),
        ("anna@localhost", True),
        ("anna", False),
        ("anna@b@c", False),
        ("anna lind@example.org", False),
        ("a@example.org,b@example.org", False),
        ("@example.org", False),
        ("", False),
    ],
)
def test_what_looks_like_an_address(cell: str, looks: bool) -> None:
    """Without being strict: `parse_address` judges later."""
    assert is_address(cell) is looks


def test_columns_of_one_name_stay_apart() -> None:
    """And one without a name gets its place as name."""
    found = map_by_header(["email", "Ort", "Ort", "", "Ort 2"])
    assert found is not None
    names = [name for _, name in found.fields]
    assert names == ["Ort", "Ort 2", "column 4", "Ort 2 2"]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_no_column_is_lost(header: list[str]) -> None:
    """Every column has a role or is a field, and field names are unique."""
    found = map_by_header(["email", *header])
    assert found is not None
    roles = [found.email, found.name, found.first_name, found.last_name, found.language, found.tags]
    places = [place for place in roles if place is not None] + list(found.status)
    places += [column.at for column in found.consents]
    places += [place for place, _ in found.fields]
    assert sorted(places) == list(range(len(header) + 1))
    names = [name for _, name in found.fields]
    assert len(set(names)) == len(names)
    assert all(names)
