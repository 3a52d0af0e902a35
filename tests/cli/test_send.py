"""`newsletter send`, `status`, `pause`, `resume`, `cancel` as staff run them.

Words, questions, exit codes.
"""

import json
import re
import threading
from collections.abc import Callable

import pytest

from newsletter.cli import send_output as terminal
from tests.cli.cli_workspace import CliWorkspace, run_on_terminal
from tests.delivery.scripted_server import Action
from tests.waiting import HANG_SECONDS


def test_a_send_asks_and_tells(cli_workspace: CliWorkspace) -> None:
    """How many readers, whether to; and in the end what became of it: exit code 0."""
    no = cli_workspace.run("send", "2026-12", answer="n\n")
    assert (no.exit_code, cli_workspace.server.accepted) == (1, [])
    assert "“Nytt i december” goes to 5 readers." in no.stderr
    assert cli_workspace.counts == {}
    yes = cli_workspace.run("send", "2026-12", answer="y\n")
    assert yes.exit_code == 0, yes.output
    assert re.search(r"5\s+accepted", yes.stdout)
    assert len(cli_workspace.server.accepted) == 5
    again = cli_workspace.run("send", "2026-12", "--yes")
    assert (again.exit_code, len(cli_workspace.server.accepted)) == (0, 5)
    assert "nobody gets it twice" in again.stderr


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        ("nej\n", 1, "Avbrutet."),
        ("oui\nj\n", 0, "Svara j eller n."),
        ("JA\n", 0, ""),
        ("\n", 1, ""),
        ("yes\n", 0, ""),
        ("", 1, "Avbrutet."),
    ],
)
def test_yes_and_no_in_swedish(
    cli_workspace: CliWorkspace, answer: str, code: int, words: str
) -> None:
    """She types j; y is understood too; anything else is asked again, in her language."""
    done = cli_workspace.run("send", "2026-12", answer=answer, language="sv_SE.UTF-8")
    assert done.exit_code == code, done.output
    assert "[j/N]" in done.stderr
    assert words in done.stderr
    assert "Error" not in done.output
    assert len(cli_workspace.server.accepted) == (0 if code else 5)


def test_wrong_use_is_2(cli_workspace: CliWorkspace) -> None:
    """An unknown choice, --accept without a reason, a change of the audience midway."""
    assert cli_workspace.run("send", "2026-12", "--unknown", "perhaps").exit_code == 2
    assert "--reason" in cli_workspace.run("send", "2026-12", "--accept", "words-left").stderr
    assert (
        cli_workspace.run("send", "2026-12", "--accept", "words-left", "--reason", "  ").exit_code
        == 2
    )
    assert cli_workspace.run("send").exit_code == 2


def test_what_cannot_be_sent_is_1(
    cli_workspace: CliWorkspace, smtp_script: dict[str, Callable[[str, str, int], object]]
) -> None:
    """No such issue, nobody in the audience, a segment that isn't understood.

    A server that isn't there: nothing is begun.
    """
    for arguments, words in (
        (("2027-01",), "There is no issue 2027-01"),
        (("2026-12", "--segment", "tag:nobody"), "Nobody would get"),
        (("2026-12", "--segment", "colour:red"), "colour"),
    ):
        done = cli_workspace.run("send", *arguments, "--yes")
        assert done.exit_code == 1
        assert words in done.stderr
    smtp_script["now"] = lambda at, *_: "554 5.3.2 no" if at == "connect" else None
    away = cli_workspace.run("send", "2026-12", "--yes")
    assert away.exit_code == 1
    assert "127.0.0.1" in away.stderr
    assert cli_workspace.counts == {}


def test_open_errors_stop_it_until_somebody_accepts_them(cli_workspace: CliWorkspace) -> None:
    """Code and reason, and who it was, stand in the log."""
    cli_workspace.write_issue("TODO: mer text")
    stopped = cli_workspace.run("send", "2026-12", "--yes")
    assert stopped.exit_code == 1
    assert "words-left" in stopped.stderr
    wrong = cli_workspace.run(
        "send", "2026-12", "--yes", "--accept", "subject-missing", "--reason", "x"
    )
    assert wrong.exit_code == 1
    done = cli_workspace.run(
        "send",
        "2026-12",
        "--yes",
        "--accept",
        "words-left",
        "--reason",
        "TODO är namnet på en förening",
    )
    assert done.exit_code == 0, done.output
    logged = cli_workspace.run("log").stdout
    assert "TODO är namnet på en förening" in logged
    assert "words-left" in logged


def test_refused_readers_are_3(
    cli_workspace: CliWorkspace, smtp_script: dict[str, Callable[[str, str, int], object]]
) -> None:
    """What the server said is shown, printable and cut; no address of the others is."""
    said = b"550 5.1.1 <reader2@d2.example.org> unknown, gone \x1b[31m\xff" + b"x" * 900 + b"\r\n"
    smtp_script["now"] = lambda at, who, _: said if at == "rcpt" and "reader2@" in who else None
    done = cli_workspace.run("send", "2026-12", "--yes")
    assert done.exit_code == 3
    assert re.search(r"1\s+refused", done.stdout)
    assert "\x1b" not in done.stdout
    (shown,) = [line for line in done.stdout.splitlines() if "550" in line]
    assert len(shown) < 240
    assert "unknown, gone" in shown
    assert "reader1@" not in done.output
    found = json.loads(cli_workspace.run("status", "2026-12", "--json").stdout)
    assert len(found["errors"][0]["reply"]) <= 200
    assert found["errors"][0]["reply"].isprintable()


def test_unknown_is_3_and_goes_out_again_when_told(
    cli_workspace: CliWorkspace, smtp_script: dict[str, Callable[[str, str, int], object]]
) -> None:
    """Named one by one; skipped unless somebody says otherwise."""
    left = [1]

    def cut(at: str, who: str, taken: int) -> object:
        if at == "after" and left[0]:
            left[0] -= 1
            return Action.CLOSE
        return None

    smtp_script["now"] = cut
    done = cli_workspace.run("send", "2026-12", "--yes")
    assert done.exit_code == 3, done.output
    assert cli_workspace.counts == {"accepted": 4, "unknown": 1}
    doubtful = cli_workspace.server.recipients[0]
    for choice in ((), ("--unknown", "skip")):
        skipped = cli_workspace.run("send", "2026-12", "--yes", *choice)
        assert (skipped.exit_code, len(cli_workspace.server.accepted)) == (3, 5)
        assert doubtful in skipped.stderr
    resent = cli_workspace.run("send", "2026-12", "--yes", "--unknown", "resend")
    assert resent.exit_code == 0, resent.output
    assert cli_workspace.counts == {"accepted": 5}
    assert cli_workspace.server.recipients.count(doubtful) == 2
    assert (
        "unknown.resent" in cli_workspace.run("log").stdout
        or "resent" in cli_workspace.run("log").stdout
    )


def test_a_test_letter_changes_nothing(
    cli_workspace: CliWorkspace, smtp_script: dict[str, Callable[[str, str, int], object]]
) -> None:
    """To any address, as often as wanted; readers and journal stay as they are.

    A refusal is told.
    """
    for _ in range(2):
        assert cli_workspace.run("send", "2026-12", "--test", "prov@example.com").exit_code == 0
    assert cli_workspace.server.recipients == ["prov@example.com"] * 2
    assert cli_workspace.counts == {}
    assert cli_workspace.run("send", "2026-12", "--test", "no address").exit_code == 1
    smtp_script["now"] = lambda at, *_: "550 5.1.1 unknown" if at == "rcpt" else None
    refused = cli_workspace.run("send", "2026-12", "--test", "prov@example.com")
    assert refused.exit_code == 1
    assert "550" in refused.stderr


def test_pause_resume_cancel(
    cli_workspace: CliWorkspace, smtp_script: dict[str, Callable[[str, str, int], object]]
) -> None:
    """A fault of ours pauses with its cause; resume goes on, cancel ends it for good."""
    assert cli_workspace.run("pause", "2026-12").exit_code == 1
    smtp_script["now"] = lambda at, *_: "550 5.7.1 not you" if at == "rcpt" else None
    held = cli_workspace.run("send", "2026-12", "--yes")
    assert held.exit_code == 1
    assert "paused" in held.stdout
    assert "not you" in held.stdout
    assert cli_workspace.run("resume", "2026-12").exit_code == 0
    assert cli_workspace.run("pause", "2026-12").exit_code == 0
    assert cli_workspace.run("pause", "2026-12").exit_code == 1
    smtp_script["now"] = lambda at, who, _: (
        "550 5.7.1 not you" if at == "rcpt" and "reader3@" in who else None
    )
    assert cli_workspace.run("send", "2026-12", "--yes").exit_code == 1
    assert cli_workspace.run("cancel", "2026-12", "--yes").exit_code == 0
    gone = cli_workspace.run("send", "2026-12", "--yes")
    assert gone.exit_code == 1
    assert "cancelled" in gone.output
    assert cli_workspace.run("resume", "2026-12").exit_code == 1


def test_status_in_words(
    cli_workspace: CliWorkspace, smtp_script: dict[str, Callable[[str, str, int], object]]
) -> None:
    """Swedish on a Swedish terminal; JSON is never translated."""
    smtp_script["now"] = lambda at, who, _: (
        "550 5.2.2 full" if at == "rcpt" and "reader2@" in who else None
    )
    cli_workspace.run("send", "2026-12", "--yes")
    shown = cli_workspace.run("status", language="sv_SE.UTF-8").stdout
    for word in ("2026-12: skickat", "mottagna", "avvisade", "d2.example.org"):
        assert word in shown, shown
    assert "accepted" not in shown
    found = json.loads(cli_workspace.run("status", "--json", language="sv_SE.UTF-8").stdout)
    assert found["state"] == "sent"
    assert found["counts"] == {
        "planned": 0,
        "claimed": 0,
        "sending": 0,
        "accepted": 4,
        "deferred": 0,
        "refused": 1,
        "unknown": 0,
        "suppressed": 0,
    }
    assert (
        cli_workspace.run("status", "2026-12", "--watch").exit_code == 0
    )  # it has ended, so there is nothing to watch


@pytest.mark.parametrize("cli_workspace", [300], indirect=True)
def test_held_from_another_terminal(
    cli_workspace: CliWorkspace, smtp_script: dict[str, object]
) -> None:
    """`pause` in one terminal, while `send` runs in another: it ends by itself, with 1."""
    held: list[threading.Thread] = []

    def hold(at: str, who: str, taken: int) -> object:
        if at == "dot" and len(cli_workspace.server.accepted) == 30 and not held:
            pausing = cli_workspace.start("pause", "2026-12")
            pausing.communicate(timeout=HANG_SECONDS)
            assert pausing.returncode == 0
            held.append(threading.current_thread())
        return None

    smtp_script["now"] = hold
    process = cli_workspace.start("send", "2026-12", "--yes")
    out, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 1, out + err
    assert "paused" in out
    assert len(cli_workspace.server.accepted) < 60
    assert cli_workspace.run("resume", "2026-12").exit_code == 0
    assert cli_workspace.run("send", "2026-12", "--yes").exit_code == 0
    assert cli_workspace.counts == {"accepted": 300}


def test_a_line_a_minute_without_a_terminal(
    cli_workspace: CliWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How far, how fast, how long: in a log file as on a terminal. Here the minute is none."""
    monkeypatch.setattr(terminal, "PROGRESS_LINE_SECONDS", 0.0)
    done = cli_workspace.run("send", "2026-12", "--yes")
    lines = [line for line in done.stderr.splitlines() if re.search(r"\d of 5 accepted", line)]
    assert lines
    assert lines[-1].startswith("5 of 5 accepted")
    monkeypatch.setattr(terminal, "PROGRESS_LINE_SECONDS", 60.0)


@pytest.mark.parametrize(
    ("said", "code", "resent"), [("y\nresend\ny\n", 0, True), ("y\nskip\ny\n", 3, False)]
)
def test_questions_on_a_terminal(
    cli_workspace: CliWorkspace, smtp_script: dict[str, object], said: str, code: int, resent: bool
) -> None:
    """With a person at the keyboard: of whom nobody knows is asked, not taken for granted.

    A bar shows how far it is.
    """
    left = [1]

    def cut(at: str, who: str, taken: int) -> object:
        if at == "after" and left[0]:
            left[0] -= 1
            return Action.CLOSE
        return None

    smtp_script["now"] = cut
    asked, answers = run_on_terminal(
        cli_workspace, said.partition("\n")[0] + "\n", "send", "2026-12"
    )
    assert "Send it?" in asked
    assert answers == 3
    asked, answers = run_on_terminal(cli_workspace, said.partition("\n")[2], "send", "2026-12")
    assert "Skip them, or send again?" in asked
    assert answers == code, asked
    assert (len(cli_workspace.server.accepted) == 6) == resent
