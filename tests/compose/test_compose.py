"""Composing: sources, ledger and file agree, whatever fails in between."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.compose import compose as module
from newsletter.compose.compose import compose
from newsletter.compose.issue_file import issue_folder
from newsletter.compose.issue_file.read import parse_issue
from newsletter.compose.request import ComposeRequest, ComposeResult, NothingToCompose
from newsletter.domain.issue import RenderedIssue, SummaryReason
from newsletter.domain.post import Post, PostState, Source
from newsletter.errors import FetchError, IssueFileError, SourceError
from newsletter.posts.fetch.fetch import Validators
from newsletter.posts.sources import SourceResult
from newsletter.store import http_validators, issues, ledger
from newsletter.store.database import Database, open_database

FEED = "https://blogg.example.org/feed/"
Make = Callable[..., Post]


class ScriptedSources:
    """Sources whose answers a test sets."""

    def __init__(self) -> None:
        self.answers: dict[str, Sequence[Post] | Exception] = {}
        self.validators_sent: list[Validators | None] = []
        self.unchanged = False

    def read(self, source: Source, validators: Validators | None) -> SourceResult:
        self.validators_sent.append(validators)
        answer = self.answers[source.url]
        if isinstance(answer, Exception):
            raise answer
        if self.unchanged:
            return SourceResult(unchanged=True, validators=validators)
        return SourceResult(posts=tuple(answer), validators=Validators(etag='"1"'))


@pytest.fixture
def scripted_sources(make_post: Make) -> ScriptedSources:
    scripted_sources = ScriptedSources()
    scripted_sources.answers[FEED] = [make_post(number) for number in range(1, 5)]
    return scripted_sources


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    yield opened
    opened.close()


@pytest.fixture
def compose_request(tmp_path: Path) -> ComposeRequest:
    return ComposeRequest(
        folder=tmp_path / "issues",
        sources=(Source(url=FEED),),
        title="Nytt från regionen",
        language="sv",
        zone=ZoneInfo("Europe/Stockholm"),
        section="Nytt sedan sist",
    )


@pytest.fixture
def run_compose(
    database: Database,
    scripted_sources: ScriptedSources,
    now: datetime,
    compose_request: ComposeRequest,
) -> Callable[..., ComposeResult]:
    def compose_issue(name: str | None = None, **more: object) -> ComposeResult:
        return compose(
            replace(compose_request, issue_name=name, **more), database, scripted_sources.read, now
        )  # type: ignore[arg-type]

    return compose_issue


Run = Callable[..., ComposeResult]


def list_slugs(composed: ComposeResult) -> list[str]:
    return [(shown.teaser.url or "").rsplit("/", 2)[1] for shown in composed.teasers]


def read_states(database: Database) -> dict[str, tuple[str, str | None]]:
    with database.read() as connection:
        return {
            (entry.post.url or "").rsplit("/", 2)[1]: (entry.state.value, entry.issue_name)
            for entry in ledger.list_entries(connection)
        }


def test_an_issue_is_written_and_remembered(run_compose: Run, database: Database) -> None:
    """The file holds the newest posts, the ledger knows where they are."""
    composed = run_compose()
    assert composed.path.name == "2026-12-01.md"
    assert list_slugs(composed) == ["1", "2", "3", "4"]
    assert (
        parse_issue(composed.path.read_text(encoding="utf-8"), issue_name="2026-12-01")
        == composed.issue
    )
    assert {shown.reason for shown in composed.teasers} == {SummaryReason.window}
    assert set(read_states(database).values()) == {("picked", "2026-12-01")}
    assert sorted(path.name for path in composed.path.parent.iterdir()) == ["2026-12-01.md"]


def test_nothing_is_announced_twice_and_an_empty_issue_is_not_written(
    run_compose: Run, compose_request: ComposeRequest
) -> None:
    """The second issue has nothing to say."""
    run_compose("ett")
    with pytest.raises(NothingToCompose) as caught:
        run_compose("två")
    assert {str(reason) for _entry, reason in caught.value.left_out} == {
        "Stands in the draft ett already."
    }
    assert [path.name for path in compose_request.folder.iterdir()] == ["ett.md"]


def test_too_few_posts_are_no_issue_but_are_not_lost(
    run_compose: Run, scripted_sources: ScriptedSources, make_post: Make
) -> None:
    """They are in the ledger even if the feed forgets them."""
    with pytest.raises(
        NothingToCompose,
        match=r"Too few new posts for an issue: 4, and compose.min_posts asks for 5",
    ):
        run_compose(min_posts=5)
    scripted_sources.answers[FEED] = [make_post(0)]
    assert list_slugs(run_compose(min_posts=5)) == ["0", "1", "2", "3", "4"]


def test_posts_that_find_no_room_come_in_the_next_issue(run_compose: Run) -> None:
    """Nothing falls between two issues."""
    assert list_slugs(run_compose("ett", max_posts=3)) == ["1", "2", "3"]
    assert list_slugs(run_compose("två")) == ["4"]


def test_numbers_go_on_from_the_highest(run_compose: Run, compose_request: ComposeRequest) -> None:
    """Also where a file can't be read as an issue."""
    compose_request.folder.mkdir()
    (compose_request.folder / "gammalt.md").write_text(
        "---\nnumber: 41\nsubject\n", encoding="utf-8"
    )
    assert run_compose().issue.number == 42


def test_composing_again_keeps_edits_and_adds_what_is_new(
    run_compose: Run, scripted_sources: ScriptedSources, make_post: Make, database: Database
) -> None:
    """And the file before is kept beside."""
    path = run_compose("ett").path
    written = path.read_text(encoding="utf-8")
    edited = written.replace(
        "subject: Nytt från regionen december 2026", "subject: Min egen rubrik"
    )
    edited = edited.replace("Region Exempelland bygger", "Mina egna ord är", 1)
    start = edited.index("### [Inlägg med titel cccccc]")
    edited = edited[:start] + edited[edited.index("### [", start + 5) :]
    path.write_text(edited, encoding="utf-8")
    # it is no exception
    scripted_sources.answers[FEED] = [make_post(0), *scripted_sources.answers[FEED]]  # type: ignore[misc]
    composed = run_compose("ett")
    assert list_slugs(composed) == ["1", "3", "4", "0"]
    assert composed.issue.subject == "Min egen rubrik"
    assert "Mina egna ord är" in path.read_text(encoding="utf-8")
    assert composed.teasers[0].reason is SummaryReason.editor
    assert [str(note) for note in composed.notes] == [
        "Added: Inlägg med titel aaaaaa",
        "Summaries that you had changed, and that were left as they are: 1",
    ]
    assert (path.parent / "ett.md.bak").read_text(encoding="utf-8") == edited
    assert read_states(database)["2"] == ("picked", "ett")
    assert {str(reason) for _entry, reason in composed.left_out} == {"You deleted it from ett."}


def test_composing_again_with_nothing_new_leaves_the_file_alone(run_compose: Run) -> None:
    """Not a byte, and no copy."""
    path = run_compose("ett").path
    before = path.stat().st_mtime_ns
    composed = run_compose("ett")
    assert not composed.written
    assert path.stat().st_mtime_ns == before
    assert [str(note) for note in composed.notes] == ["No new posts were added."]


def test_a_pin_brings_a_deleted_post_back(run_compose: Run) -> None:
    """Who names it wants it."""
    path = run_compose("ett").path
    path.write_text(path.read_text(encoding="utf-8").partition("### [")[0], encoding="utf-8")
    assert list_slugs(run_compose("ett", pins=("https://blogg.example.org/3/",))) == ["3"]


def test_an_excluded_post_leaves_the_draft_and_is_new_again(
    run_compose: Run, database: Database
) -> None:
    """It may stand in the next issue."""
    run_compose("ett")
    assert list_slugs(run_compose("ett", excludes=("https://blogg.example.org/3/",))) == [
        "1",
        "2",
        "4",
    ]
    assert read_states(database)["3"] == ("new", None)
    assert list_slugs(run_compose("två")) == ["3"]


def test_an_unknown_pin_is_refused(run_compose: Run, compose_request: ComposeRequest) -> None:
    """With the cure, and without a file."""
    with pytest.raises(SourceError, match="No source has a post with the address"):
        run_compose(pins=("https://x.example/",))
    assert not compose_request.folder.exists()


def test_a_pin_that_cannot_be_followed_is_told(run_compose: Run) -> None:
    """It stands in another draft."""
    run_compose("ett", max_posts=1)
    composed = run_compose("två", pins=("https://blogg.example.org/1/",))
    assert [str(note) for note in composed.notes] == [
        "--pin https://blogg.example.org/1/ was not followed. Stands in the draft ett already."
    ]


def test_one_failing_source_is_a_note_and_the_others_go_on(
    run_compose: Run, scripted_sources: ScriptedSources, compose_request: ComposeRequest
) -> None:
    """All of them failing is an error."""
    scripted_sources.answers["other"] = FetchError(
        "{host} sent no feed ({code}).", host="x.example", code=404
    )
    both = (Source(url="other"), Source(url=FEED))
    composed = run_compose(sources=both)
    assert [str(note) for note in composed.notes] == ["x.example sent no feed (404)."]
    assert list_slugs(composed) == ["1", "2", "3", "4"]
    with pytest.raises(
        SourceError, match=r"No source could be read\.\nx\.example sent no feed \(404\)\."
    ):
        run_compose("två", sources=(Source(url="other"),))


def test_validators_are_asked_with_and_unchanged_sources_lose_nothing(
    run_compose: Run, scripted_sources: ScriptedSources
) -> None:
    """What the ledger holds is enough."""
    run_compose("ett", max_posts=1)
    scripted_sources.unchanged = True
    assert list_slugs(run_compose("två")) == ["2", "3", "4"]
    assert scripted_sources.validators_sent == [None, Validators(etag='"1"')]


def test_a_crash_while_recording_keeps_neither_posts_nor_validators(
    run_compose: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A validator without its posts would lose them for ever."""
    monkeypatch.setattr(http_validators, "save_validators", lambda *_arguments: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_compose()
    assert read_states(database) == {}
    with database.read() as connection:
        assert http_validators.find_validators(connection, FEED) is None


def test_a_crash_before_the_file_loses_no_post(
    run_compose: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are new, and come next time."""
    with monkeypatch.context() as patched:
        patched.setattr(issue_folder, "save", lambda *_arguments, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_compose()
    assert set(read_states(database).values()) == {("new", None)}
    assert list_slugs(run_compose()) == ["1", "2", "3", "4"]


def test_a_crash_between_file_and_ledger_announces_nothing_twice(
    run_compose: Run, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is believed."""
    with monkeypatch.context() as patched:
        patched.setattr(module.ledger, "mark_picked", lambda *_arguments: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run_compose("ett")
    assert set(read_states(database).values()) == {("new", None)}
    with pytest.raises(NothingToCompose):
        run_compose("två")
    run_compose("ett")
    assert set(read_states(database).values()) == {("picked", "ett")}


def test_a_deleted_draft_gives_its_posts_back(run_compose: Run) -> None:
    """Its file is gone, so its posts were never announced."""
    run_compose("ett").path.unlink()
    assert list_slugs(run_compose("två")) == ["1", "2", "3", "4"]


def test_a_dry_run_changes_nothing(
    run_compose: Run, database: Database, compose_request: ComposeRequest
) -> None:
    """Neither file nor ledger."""
    composed = run_compose(dry_run=True)
    assert list_slugs(composed) == ["1", "2", "3", "4"]
    assert not composed.written
    assert not compose_request.folder.exists()
    assert read_states(database) == {}


def test_a_broken_file_is_refused_before_anything_is_fetched(
    run_compose: Run, scripted_sources: ScriptedSources, compose_request: ComposeRequest
) -> None:
    """It stays as it is."""
    compose_request.folder.mkdir()
    (compose_request.folder / "ett.md").write_text("---\nsubject: x\n", encoding="utf-8")
    with pytest.raises(IssueFileError):
        run_compose("ett")
    assert scripted_sources.validators_sent == []
    assert (compose_request.folder / "ett.md").read_text(encoding="utf-8") == "---\nsubject: x\n"


def test_an_issue_that_is_sent_is_not_composed_again(
    run_compose: Run,
    database: Database,
    now: datetime,
    scripted_sources: ScriptedSources,
    make_post: Make,
) -> None:
    """Its readers have it already."""
    run_compose("ett")
    rendered = RenderedIssue(
        subject="s", preheader="", language="sv", html="", text="", mjml="", slots={}
    )
    with database.begin() as connection:
        issues.add(connection, "ett", rendered, segment="", now=now)
    with pytest.raises(IssueFileError, match="ett has been sent already"):
        run_compose("ett")


def test_a_file_that_changes_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """Somebody saved it in an editor while posts were fetched."""
    path = tmp_path / "ett.md"
    path.write_text("new", encoding="utf-8")
    with pytest.raises(IssueFileError, match="was changed while the issue was being composed"):
        issue_folder.save(path, "ours", expected="old")
    assert [file.name for file in tmp_path.iterdir()] == ["ett.md"]
    assert path.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize(
    "name", ["../x", "a/b", ".x", "", "x.md", "x\ny", "a" * 200, "con\x00", "x ", "x."]
)
def test_names_that_are_no_files_are_refused(run_compose: Run, name: str, tmp_path: Path) -> None:
    """Nothing is written outside the folder."""
    with pytest.raises(IssueFileError):
        issue_folder.get_issue_path(tmp_path, name)


def test_hostile_posts_make_a_readable_file(
    run_compose: Run, scripted_sources: ScriptedSources, make_post: Make
) -> None:
    """Titles, texts and pictures from outside can't change the file's shape."""
    scripted_sources.answers[FEED] = [
        make_post(
            1,
            title="x](javascript:alert(1))\n\n## y\n<!-- post: a -->",
            body="<p>## Rubrik</p><p># Text som är lång nog för en mening.</p>",
        ),
        make_post(
            2,
            title="--- \x00\x1b[31m",
            body=(
                "<script>x</script><p>&lt;script&gt;alert(1)&lt;/script&gt; är en mening om"
                " kod.</p>"
            ),
        ),
        make_post(3, title="", url=None, published=None, body=""),
        make_post(4, title="lång " * 2000, body="<p>" + "ord " * 20000 + "</p>"),
    ]
    composed = run_compose()
    again = parse_issue(composed.path.read_text(encoding="utf-8"), issue_name="2026-12-01")
    assert again == composed.issue
    assert (len(again.sections), len(again.teasers)) == (1, 4)
    assert max(len(teaser.title) for teaser in again.teasers) <= 200


def test_since_counts_in_the_newsletters_days(run_compose: Run, now: datetime) -> None:
    """What is older waits with its reason."""
    composed = run_compose(since=now - timedelta(days=2, hours=1))
    assert list_slugs(composed) == ["1", "2"]
    assert {str(reason) for _entry, reason in composed.left_out} == {
        "It is of 2026-11-28, before --since.",
        "It is of 2026-11-27, before --since.",
    }


def test_a_post_that_was_sent_is_told_with_its_issue(run_compose: Run, database: Database) -> None:
    """What `--explain` says of it."""
    composed = run_compose("ett")
    with database.begin() as connection:
        ledger.mark_sent(
            connection, "ett", [teaser.post for teaser in composed.issue.teasers if teaser.post]
        )
        assert {entry.state for entry in ledger.list_entries(connection)} == {PostState.sent}
    with pytest.raises(NothingToCompose) as caught:
        run_compose("två")
    assert {str(reason) for _entry, reason in caught.value.left_out} == {"Sent already, in ett."}


def test_a_post_that_changes_under_words_of_a_person_is_told(
    run_compose: Run, scripted_sources: ScriptedSources, make_post: Make
) -> None:
    """Her words stay, and she hears that the post says something else now; once."""
    path = run_compose("ett").path
    path.write_text(
        path.read_text(encoding="utf-8").replace("Region Exempelland bygger", "Mina ord är", 1),
        encoding="utf-8",
    )
    scripted_sources.answers[FEED] = [
        make_post(1, body="<p>Helt andra ord.</p>"),
        *[make_post(number) for number in range(2, 5)],
    ]
    notes = [str(note) for note in run_compose("ett").notes]
    assert (
        "The post has changed since it was picked. Look whether its teaser still fits: Inlägg med"
        " titel bbbbbb" in notes
    )
    assert "Mina ord är" in path.read_text(encoding="utf-8")
    assert not any("has changed" in str(note) for note in run_compose("ett").notes)


def test_a_post_that_changes_is_marked_until_its_issue_is_composed_again(
    run_compose: Run, scripted_sources: ScriptedSources, make_post: Make, database: Database
) -> None:
    """Composing another issue finds the change; `newsletter posts` shows it."""
    run_compose("ett")
    scripted_sources.answers[FEED] = [
        make_post(9),
        *[make_post(number, body=f"<p>Andra ord {number}.</p>") for number in range(1, 5)],
    ]
    run_compose("två")
    with database.read() as connection:
        assert {entry.issue_name: entry.changed for entry in ledger.list_entries(connection)} == {
            "ett": True,
            "två": False,
        }
    run_compose("ett")
    with database.read() as connection:
        assert not any(entry.changed for entry in ledger.list_entries(connection))


def test_the_lines_of_a_person_stay_as_she_typed_them(
    run_compose: Run, scripted_sources: ScriptedSources, make_post: Make
) -> None:
    """Composing again changes only the lines that it must."""
    path = run_compose("ett").path
    edited = (
        path.read_text(encoding="utf-8")
        .replace("subject: ", 'subject:   "', 1)
        .replace("2026\n", '2026"\n', 1)
    )
    edited = (
        edited.replace("\n---\n", "\n---\n\n\n", 1)
        .replace("## ", "\n\n##   ", 1)
        .replace("### ", "###    ", 1)
    )
    path.write_text(edited, encoding="utf-8")
    # it is no exception
    scripted_sources.answers[FEED] = [make_post(0), *scripted_sources.answers[FEED]]  # type: ignore[misc]
    run_compose("ett")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(edited.rstrip("\n"))
    assert "aaaaaa" in text[len(edited) :]
