"""`newsletter schedule`: times, what is understood, and what can't be."""

from contextlib import closing

import pytest

from newsletter.app.workspace import open_workspace
from newsletter.domain.schedule import ScheduleState
from newsletter.store import schedules
from tests.cli.cli_workspace import WorkspaceFolder

AT = "2090-12-01 08:00"


@pytest.fixture
def planned(workspace_folder: WorkspaceFolder) -> WorkspaceFolder:
    """Return a newsletter with one plan."""
    workspace_folder.write_issue()
    done = workspace_folder.run("schedule", "add", "2026-12", "--at", AT)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"2026-12 will be sent on {AT} (Europe/Stockholm).\n"
    return workspace_folder


def change_state(workspace_folder: WorkspaceFolder, state: ScheduleState) -> None:
    """Let the clock have done something with the plan."""
    with (
        closing(open_workspace(workspace_folder.folder)) as workspace,
        workspace.database.begin() as connection,
    ):
        assert schedules.change_state(connection, "2026-12", ScheduleState.waiting, state)


def test_nothing_planned(workspace_folder: WorkspaceFolder) -> None:
    """An empty list for programs; for people, how to plan one."""
    assert workspace_folder.run_json("schedule", "list") == []
    assert "schedule add ISSUE --at TIME" in workspace_folder.run("schedule", "list").stdout


def test_a_plan_for_programs_and_people(planned: WorkspaceFolder) -> None:
    """The moment in UTC, and the words that were typed."""
    assert planned.run_json("schedule", "list") == [
        {
            "issue": "2026-12",
            "due": "2090-12-01T07:00:00Z",
            "typed": AT,
            "zone": "Europe/Stockholm",
            "state": "waiting",
        }
    ]
    shown = planned.run("schedule", "list").stdout
    assert [word for word in ("Issue", "2026-12", AT, "waiting") if word not in shown] == []
    assert "väntar" in planned.run_swedish("schedule", "list").stdout


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("2020-12-01 08:00", "is past"),
        ("tomorrow", "tomorrow"),
        ("2090-13-01 08:00", "2090-13-01 08:00"),
        ("2090-12-01", "2090-12-01"),
        ("", ""),
    ],
)
def test_times_that_cannot_be(workspace_folder: WorkspaceFolder, typed: str, english: str) -> None:
    """They are told in both languages, and nothing is planned."""
    workspace_folder.write_issue()
    done = workspace_folder.run("schedule", "add", "2026-12", "--at", typed)
    assert (done.exit_code, done.stdout) == (1, "")
    assert english in done.stderr
    swedish = workspace_folder.run_swedish("schedule", "add", "2026-12", "--at", typed)
    assert swedish.exit_code == 1
    assert swedish.stderr != done.stderr
    assert workspace_folder.run_json("schedule", "list") == []


@pytest.mark.parametrize(
    "words",
    [["add", "2026-12"], ["move", "2026-12"], ["add", "2026-12", "--at", AT, "--fold", "3"]],
)
def test_wrong_use(workspace_folder: WorkspaceFolder, words: list[str]) -> None:
    """A time is needed; there are at most two hours of one name."""
    workspace_folder.write_issue()
    assert workspace_folder.run("schedule", *words).exit_code == 2


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ([], "2090-10-29T00:30:00Z"),
        (["--fold", "1"], "2090-10-29T00:30:00Z"),
        (["--fold", "2"], "2090-10-29T01:30:00Z"),
    ],
    ids=["unsaid", "first", "second"],
)
def test_the_hour_that_exists_twice(
    workspace_folder: WorkspaceFolder, words: list[str], due: str
) -> None:
    """Clocks go back at three: 02:30 is there twice, one can say which is meant."""
    workspace_folder.write_issue()
    done = workspace_folder.run("schedule", "add", "2026-12", "--at", "2090-10-29 02:30", *words)
    assert done.exit_code == 0, done.output
    meant = "second" if "2" in words else "first"
    assert f"clocks go back that night. The {meant} is meant" in done.stderr
    assert [one["due"] for one in workspace_folder.run_json("schedule", "list")] == [due]


def test_an_issue_that_is_not_there(workspace_folder: WorkspaceFolder) -> None:
    """A plan without a file would fail at night."""
    workspace_folder.write_issue()
    done = workspace_folder.run("schedule", "add", "2027-01", "--at", AT)
    assert done.exit_code == 1
    assert "2027-01" in done.stderr


def test_what_is_wrong_with_it_now_is_shown(workspace_folder: WorkspaceFolder) -> None:
    """It is planned all the same: there is time to mend it."""
    workspace_folder.write_issue("TODO")
    done = workspace_folder.run("schedule", "add", "2026-12", "--at", AT)
    assert done.exit_code == 0
    assert "words-left: " in done.stderr
    assert done.stderr.endswith("It won't be sent until these are mended.\n")


def test_a_plan_is_moved(planned: WorkspaceFolder) -> None:
    """By name or by path; there is still one."""
    later = "2091-01-01 08:00"
    done = planned.run("schedule", "move", "issues/2026-12.md", "--at", later)
    assert done.stdout == f"2026-12 will be sent on {later} (Europe/Stockholm).\n"
    assert [one["typed"] for one in planned.run_json("schedule", "list")] == [later]


@pytest.mark.parametrize("state", [ScheduleState.missed, ScheduleState.held])
def test_what_was_missed_or_held_can_be_moved(
    planned: WorkspaceFolder, state: ScheduleState
) -> None:
    """The list says so; then it waits again."""
    change_state(planned, state)
    assert "move" in planned.run("schedule", "list").stdout
    assert planned.run("schedule", "move", "2026-12", "--at", AT).exit_code == 0
    assert planned.run_json("schedule", "list")[0]["state"] == "waiting"


def test_a_plan_is_cancelled_once(planned: WorkspaceFolder) -> None:
    """Then there is nothing to cancel; the log has it."""
    done = planned.run("schedule", "cancel", "2026-12.md")
    assert (done.exit_code, done.stdout) == (0, f"2026-12 won't be sent at {AT}.\n")
    assert planned.run_json("schedule", "list")[0]["state"] == "cancelled"
    again = planned.run("schedule", "cancel", "2026-12")
    assert again.exit_code == 1
    assert "isn't planned" in again.stderr
    assert [one["event"] for one in planned.run_json("log")] == [
        "schedule.cancelled", "schedule.put",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "english", "swedish"),
    [
        (["cancel", "2026-12"], "newsletter pause 2026-12", "newsletter pause 2026-12"),
        (["move", "2026-12", "--at", AT], "newsletter status 2026-12", "newsletter status"),
        (["add", "2026-12", "--at", AT], "newsletter status 2026-12", "newsletter status"),
    ],
    ids=["cancel", "move", "add"],
)
def test_what_has_begun_stays_as_it_is(
    planned: WorkspaceFolder, words: list[str], english: str, swedish: str
) -> None:
    """With the command that helps on."""
    change_state(planned, ScheduleState.started)
    done = planned.run("schedule", *words)
    assert done.exit_code == 1
    assert english in done.stderr
    assert swedish in planned.run_swedish("schedule", *words).stderr
    assert planned.run_json("schedule", "list")[0]["state"] == "started"


def test_moving_what_has_no_time(workspace_folder: WorkspaceFolder) -> None:
    """`add` is what is meant."""
    done = workspace_folder.run("schedule", "move", "2026-12", "--at", AT)
    assert done.exit_code == 1
    assert "newsletter schedule add" in done.stderr
