"""`newsletter pause`, `resume`, `cancel`, `status`: words, codes, keys."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from newsletter.cli import status
from newsletter.cli.context import CliContext
from newsletter.delivery.send_status import SendStatus
from newsletter.domain.delivery import DeliveryState, SendProgress
from newsletter.domain.issue import IssueState
from newsletter.store.journal_counts import FailureCount
from tests.cli.cli_workspace import CliWorkspace, WorkspaceFolder

STATUS_KEYS = {
    "issue", "state", "cause", "segment", "counts", "audience", "rate", "seconds_left", "next_due",
    "domains", "errors",
}  # fmt: skip
#: A send in the middle of everything.
BUSY = SendStatus(
    issue_name="2026-12",
    state=IssueState.sending,
    cause="the server is busy",
    segment="tag:press",
    progress=SendProgress(
        counts={
            **dict.fromkeys(DeliveryState, 0),
            DeliveryState.planned: 7,
            DeliveryState.accepted: 1000,
            DeliveryState.deferred: 2,
        },
        rate=2.34,
        next_due=datetime(2026, 12, 1, 9, 30, tzinfo=UTC),
    ),
    domain_counts={"example.org": {DeliveryState.accepted: 1000, DeliveryState.deferred: 2}},
    failures=(
        FailureCount(
            state=DeliveryState.deferred, code=451, status="4.7.1", reply="4.7.1 busy", count=2
        ),
    ),
)


def read_state(workspace: WorkspaceFolder) -> Any:
    """Return the state of the issue."""
    return json.loads(workspace.run("status", "--json").stdout)["state"]


@pytest.mark.parametrize("command", ["pause", "resume", "cancel", "status"])
def test_an_issue_that_nobody_knows(workspace_folder: WorkspaceFolder, command: str) -> None:
    """One sentence, in the terminal's language."""
    done = workspace_folder.run(command, "2027-01")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "2027-01" in done.stderr
    assert done.stderr.count("\n") == 1
    assert workspace_folder.run_swedish(command, "2027-01").stderr != done.stderr


@pytest.mark.parametrize("command", ["pause", "resume", "cancel"])
def test_an_issue_must_be_named(workspace_folder: WorkspaceFolder, command: str) -> None:
    """The newest isn't meant by itself: a slip would end another send."""
    assert workspace_folder.run(command).exit_code == 2


def test_no_send_yet(workspace_folder: WorkspaceFolder) -> None:
    """With what begins one."""
    done = workspace_folder.run("status")
    assert done.exit_code == 1
    assert done.stderr == "No issue was sent yet. Send one with: newsletter send ISSUE\n"
    assert "newsletter send" in workspace_folder.run_swedish("status").stderr
    assert "No issue" not in workspace_folder.run_swedish("status").stderr


def test_an_issue_that_is_not_sent_yet(workspace_folder: WorkspaceFolder) -> None:
    """There is a file, and no send to hold."""
    workspace_folder.write_issue()
    for command in ("pause", "resume", "cancel"):
        done = workspace_folder.run(command, "2026-12")
        assert done.exit_code == 1
        assert done.stderr


def test_hold_go_on_and_end(begun_send: WorkspaceFolder) -> None:
    """Each says what comes next; a path names an issue too."""
    held = begun_send.run("pause", str(begun_send.folder / "issues" / "2026-12.md"))
    assert held.exit_code == 0
    assert held.stdout == "2026-12 is held. Go on with: newsletter resume 2026-12\n"
    assert read_state(begun_send) == "paused"
    goes_on = begun_send.run("resume", "2026-12")
    assert goes_on.stdout.startswith("2026-12 goes on: by newsletter serve")
    assert read_state(begun_send) == "sending"
    ended = begun_send.run("cancel", "2026-12", "--yes")
    assert (ended.exit_code, ended.stdout) == (0, "2026-12 is cancelled.\n")
    assert read_state(begun_send) == "cancelled"
    assert begun_send.run("resume", "2026-12").exit_code == 1
    assert begun_send.run("pause", "2026-12").exit_code == 1


def test_hold_and_end_in_swedish(begun_send: WorkspaceFolder) -> None:
    """The commands that are named keep their names."""
    held = begun_send.run_swedish("pause", "2026-12").stdout
    assert "newsletter resume 2026-12" in held
    assert "is held" not in held
    assert begun_send.run_swedish("cancel", "2026-12").stdout == "2026-12 är avbrutet.\n"


def test_status_for_programs(begun_send: WorkspaceFolder) -> None:
    """All keys, every state counted."""
    found = begun_send.run_json("status", "2026-12")
    assert set(found) == STATUS_KEYS
    assert (found["issue"], found["state"], found["segment"]) == ("2026-12", "sending", "")
    assert (found["audience"], found["counts"]["planned"]) == (5, 5)
    assert list(found["counts"]) == [state.value for state in DeliveryState]
    assert (found["rate"], found["seconds_left"], found["next_due"]) == (0.0, None, None)
    assert {name: counts["planned"] for name, counts in found["domains"].items()} == {
        "d0.example.org": 3, "d1.example.org": 2,
    }  # fmt: skip
    assert found["errors"] == []


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_status_that_has_everything_as_json(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Times in UTC with a Z, seconds as whole numbers; never translated."""
    monkeypatch.setenv("LANGUAGE", language)
    found = status._status_to_dict(BUSY)
    assert {name: found[name] for name in ("cause", "segment", "rate", "seconds_left")} == {
        "cause": "the server is busy", "segment": "tag:press", "rate": 2.3, "seconds_left": 3,
    }  # fmt: skip
    assert found["next_due"] == "2026-12-01T09:30:00Z"
    assert found["domains"] == {"example.org": {"accepted": 1000, "deferred": 2}}
    assert found["errors"] == [
        {"state": "deferred", "code": 451, "status": "4.7.1", "reply": "4.7.1 busy", "count": 2}
    ]
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "2026-12: being sent",
                "  the server is busy",
                "          7  not tried yet",
                "      1 000  accepted",
                "          2  to be tried again",
                "          2 × 451 4.7.1 busy",
                "2 messages are tried again from 2026-12-01 09:30 UTC on: by newsletter serve,",
                "2 a second, 0:00:03 left",
                "Domain       accepted  to be tried again",
                "example.org  1000      2",
            ],
        ),
        (
            "sv",
            [
                "2026-12: skickas",
                "  the server is busy",
                "          7  inte skickade än",
                "      1 000  mottagna",
                "          2  ska försökas igen",
                "          2 × 451 4.7.1 busy",
                "2 brev försöks igen från 2026-12-01 09:30 UTC: av newsletter serve,",
                "2 i sekunden",
                "Domän",
                "example.org  1000",
            ],
        ),
    ],
)
def test_a_status_that_has_everything_on_a_terminal(
    language: str,
    lines: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """State, cause, counts, what servers said, when it is tried again, how fast, domains."""
    monkeypatch.setenv("LANGUAGE", language)
    status._print_status(CliContext(None), BUSY)
    shown = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert len(shown) == len(lines)
    for line, expected in zip(shown, lines, strict=True):
        assert line.startswith(expected)


def test_status_for_people(begun_send: WorkspaceFolder) -> None:
    """By the newest issue where none is named."""
    shown = begun_send.run("status").stdout
    assert shown.startswith("2026-12: being sent\n          5  not tried yet\n")
    assert shown == begun_send.run("status", "2026-12").stdout


def test_a_sent_issue_has_nothing_left(cli_workspace: CliWorkspace) -> None:
    """`--watch` ends at once, and so would a script that waits."""
    cli_workspace.run("send", "2026-12", "--yes")
    found = cli_workspace.run_json("status", "--watch")
    assert (found["state"], found["counts"]["accepted"], found["errors"]) == ("sent", 5, [])
    assert (found["next_due"], found["cause"]) == (None, "")
