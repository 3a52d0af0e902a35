"""`newsletter log`: who decided what."""

import pytest

from tests.cli.cli_workspace import WorkspaceFolder


def test_nothing_yet(workspace_folder: WorkspaceFolder) -> None:
    """An empty list for programs, a sentence for people."""
    assert workspace_folder.run_json("log") == []
    assert workspace_folder.run("log").stdout == "Nothing has been decided yet.\n"
    assert workspace_folder.run_swedish("log").stdout == "Ingenting är bestämt än.\n"


def test_newest_first_and_by_issue(workspace_folder: WorkspaceFolder) -> None:
    """What was decided, by whom, when, about which issue, and its details."""
    for name in ("2026-11", "2026-12"):
        workspace_folder.write_issue(name=name)
        workspace_folder.run("schedule", "add", name, "--at", "2090-12-01 08:00")
    workspace_folder.run("schedule", "cancel", "2026-11")
    found = workspace_folder.run_json("log")
    assert [(one["event"], one["issue"]) for one in found] == [
        ("schedule.cancelled", "2026-11"),
        ("schedule.put", "2026-12"),
        ("schedule.put", "2026-11"),
    ]
    assert all(set(one) == {"id", "at", "actor", "event", "issue", "detail"} for one in found)
    assert all(one["actor"] and one["at"].endswith("+00:00") for one in found)
    assert found[1]["detail"] == {"typed": "2090-12-01 08:00", "zone": "Europe/Stockholm"}
    only = workspace_folder.run_json("log", "--issue", "2026-12")
    assert only == [found[1]]
    assert workspace_folder.run_json("log", "--issue", "2027-01") == []


def test_no_line_is_cut_in_a_pipe(
    workspace_folder: WorkspaceFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever's name is longer than root's lost the end of each event: "send.star..."."""
    monkeypatch.setenv("COLUMNS", "40")
    workspace_folder.write_issue()
    workspace_folder.run("schedule", "add", "2026-12", "--at", "2090-12-01 08:00")
    assert "typed: 2090-12-01 08:00, zone: Europe/Stockholm\n" in workspace_folder.run("log").stdout


def test_a_table_for_people(workspace_folder: WorkspaceFolder) -> None:
    """With headings in the terminal's language, and details as words."""
    workspace_folder.write_issue()
    workspace_folder.run("schedule", "add", "2026-12", "--at", "2090-12-01 08:00")
    english = workspace_folder.run("log").stdout
    heading, line = english.splitlines()
    assert heading.split() == ["When", "Who", "What", "Issue"]
    assert "schedule.put" in line
    assert "typed: 2090-12-01 08:00, zone: Europe/Stockholm" in line
    swedish = workspace_folder.run_swedish("log").stdout.splitlines()
    assert swedish[0].split() == ["När", "Vem", "Vad", "Nummer"]
    assert swedish[1].split()[2:] == line.split()[2:]
