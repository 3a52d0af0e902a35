"""`newsletter subscribers add`, `show`, `unsubscribe`, `erase`, `suppress`: one at a time."""

import pytest

from tests.cli.cli_workspace import WorkspaceFolder

ANNA = "anna@example.org"
SHOW_KEYS = {
    "email", "name", "language", "tags", "status", "fields", "created", "paused_until", "consents",
    "suppression", "domain_blocked", "requests", "letters",
}  # fmt: skip


@pytest.fixture
def with_anna(workspace_folder: WorkspaceFolder) -> WorkspaceFolder:
    """Return a newsletter with one subscriber."""
    done = workspace_folder.run(
        "subscribers", "add", ANNA, "--name", "Anna Lind", "--language", "sv", "--tag", "press"
    )
    assert done.stdout == f"{ANNA} is on the list now.\n"
    return workspace_folder


@pytest.mark.parametrize(
    ("words", "english", "swedish"),
    [
        (["add", ANNA], "was on the list already", "fanns redan på listan"),
        (["add", "bo@example.org"], "bo@example.org is on the list now.",
         "bo@example.org finns nu på listan."),
        (["unsubscribe", ANNA], "gets no more letters", "får inga fler brev"),
        (["suppress", ANNA], "is never written to again", "får aldrig något brev mer"),
        (["suppress", "@example.org"], "@example.org is never written to again",
         "@example.org får aldrig något brev mer"),
        (["erase", ANNA, "--yes"], f"{ANNA} is erased", f"{ANNA} är raderad"),
        (["erase", "x@example.org", "--yes"], "Nothing was kept of x@example.org",
         "Inget fanns sparat om x@example.org"),
    ],
    ids=["known", "new", "off", "blocked", "domain", "erased", "nothing kept"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["C", "sv_SE.UTF-8"])
def test_what_was_done_is_said(
    with_anna: WorkspaceFolder, words: list[str], english: str, swedish: str, language: str
) -> None:
    """In one sentence, in the terminal's language; exit code 0."""
    done = with_anna.run("subscribers", *words, language=language)
    assert done.exit_code == 0, done.output
    assert (english if language == "C" else swedish) in done.stdout
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "again"),
    [
        (["unsubscribe", ANNA], "was off the list already"),
        (["suppress", ANNA], "was blocked already"),
        (["erase", ANNA, "--yes"], "Nothing was kept of"),
    ],
    ids=["unsubscribe", "suppress", "erase"],
)
def test_the_second_time_is_no_fault(
    with_anna: WorkspaceFolder, words: list[str], again: str
) -> None:
    """It says that there was nothing to do."""
    assert again not in with_anna.run("subscribers", *words).stdout
    done = with_anna.run("subscribers", *words)
    assert (done.exit_code, again in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("words", "english", "swedish"),
    [
        (["add", "anna"], "anna", "anna"),
        (["add", "a@example.org", "--language", "klingonska"], "“klingonska” is no language",
         "”klingonska” är inget språk"),
        (["show", "x@example.org"], "isn't on the list", "finns inte på listan"),
        (["unsubscribe", "x@example.org"], "subscribers suppress x@example.org",
         "subscribers suppress x@example.org"),
        (["suppress", "anna"], "anna", "anna"),
        (["erase", "anna", "--yes"], "anna", "anna"),
    ],
    ids=["no address", "no language", "show", "unsubscribe", "suppress", "erase"],
)  # fmt: skip
def test_what_cannot_be_done_is_1(
    with_anna: WorkspaceFolder, words: list[str], english: str, swedish: str
) -> None:
    """One sentence on standard error, in both languages."""
    done = with_anna.run("subscribers", *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert english in done.stderr
    assert done.stderr.count("\n") == 1
    told = with_anna.run_swedish("subscribers", *words).stderr
    assert swedish in told
    assert told != done.stderr


@pytest.mark.parametrize(
    "words",
    [["add"], ["show"], ["unsubscribe"], ["erase"], ["suppress"], ["suppress", ANNA, "--file", "x"],
     ["suppress", ANNA, "--reason", "erased"]],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_is_2(with_anna: WorkspaceFolder, words: list[str]) -> None:
    """An address is needed, and only one thing at a time."""
    assert with_anna.run("subscribers", *words).exit_code == 2


def test_show_for_programs(with_anna: WorkspaceFolder) -> None:
    """The keys of a data export, whatever is known."""
    found = with_anna.run_json("subscribers", "show", "ANNA@example.org")
    assert set(found) == SHOW_KEYS
    assert (found["email"], found["status"], found["tags"]) == (ANNA, "active", ["press"])
    assert [set(proof) for proof in found["consents"]] == [{"at", "source", "wording", "actor"}]


def test_show_of_who_is_only_blocked(workspace_folder: WorkspaceFolder) -> None:
    """The same keys, and empty where nothing is known."""
    workspace_folder.run("subscribers", "suppress", "X@example.org", "--reason", "complained")
    found = workspace_folder.run_json("subscribers", "show", "x@example.org")
    assert set(found) == SHOW_KEYS
    assert (found["status"], found["name"], found["tags"]) == ("complained", "", [])
    assert found["suppression"]["reason"] == "complained"


def test_show_for_people(with_anna: WorkspaceFolder) -> None:
    """A line for each, and when they left."""
    lines = dict(
        line.split(None, 1)
        for line in with_anna.run("subscribers", "show", ANNA).stdout.splitlines()
    )
    assert (lines["Address"], lines["Status"], lines["Name"]) == (ANNA, "active", "Anna Lind")
    assert "Since" not in lines
    assert "staff" in lines["Consent"]
    with_anna.run("subscribers", "unsubscribe", ANNA)
    swedish = with_anna.run_swedish("subscribers", "show", ANNA).stdout
    assert "har avslutat" in swedish
    assert "Sedan" in swedish


@pytest.mark.parametrize(
    ("email", "warning"),
    [
        ("anna@" + "gmial" + ".com", "is gmial.com a typing error for gmail.com?"),
        ("info@example.org", "belongs to an office"),
        ("bo@example.org", ""),
    ],
)
def test_an_address_worth_a_second_look(
    workspace_folder: WorkspaceFolder, email: str, warning: str
) -> None:
    """It is added as it is; the doubt is told."""
    done = workspace_folder.run("subscribers", "add", email)
    assert done.exit_code == 0
    assert warning in done.stderr
    assert bool(done.stderr) is bool(warning)
    assert [one["email"] for one in workspace_folder.run_json("subscribers", "list")] == [email]


def test_a_new_consent_brings_back(with_anna: WorkspaceFolder) -> None:
    """Without one it is told how."""
    with_anna.run("subscribers", "unsubscribe", ANNA)
    refused = with_anna.run("subscribers", "add", ANNA)
    assert refused.exit_code == 1
    assert "--consent TEXT" in refused.stderr
    assert with_anna.run("subscribers", "add", ANNA, "--consent", "phoned").exit_code == 0
    found = with_anna.run_json("subscribers", "show", ANNA)
    assert (found["status"], found["consents"][-1]["wording"]) == ("active", "phoned")


@pytest.mark.parametrize(
    ("answer", "language", "is_erased"),
    [("y\n", "C", True), ("n\n", "C", False), ("", "C", False), ("j\n", "sv_SE.UTF-8", True)],
    ids=["yes", "no", "nothing", "ja"],
)
def test_erasing_asks(
    with_anna: WorkspaceFolder, answer: str, language: str, is_erased: bool
) -> None:
    """It can't be undone; a no is exit code 1."""
    done = with_anna.run("subscribers", "erase", ANNA, answer=answer, language=language)
    assert (done.exit_code == 0) is is_erased
    question = "It can't be undone." if language == "C" else "Det går inte att ångra."
    assert question in done.stderr
    assert (with_anna.run_json("subscribers", "list") == []) is is_erased


def test_a_list_of_whom_not_to_write_to(with_anna: WorkspaceFolder) -> None:
    """How many are new and how many not; bad rows are told, and the rest is done."""
    path = with_anna.write_file("spärr.csv", f"email\n{ANNA}\nfel\nx@example.org\n")
    words = ("subscribers", "suppress", "--file", str(path), "--reason", "complained")
    done = with_anna.run(*words)
    assert (done.exit_code, done.stdout) == (0, "Blocked 2; 0 were blocked before.\n")
    assert done.stderr.startswith("Refused, line 3: ")
    again = with_anna.run_swedish(*words)
    assert again.stdout == "Spärrade 0; 2 var spärrade sedan tidigare.\n"
    assert again.stderr.startswith("Avvisad, rad 3: ")
    assert with_anna.run_json("subscribers", "show", ANNA)["status"] == "complained"
