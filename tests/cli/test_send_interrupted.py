"""A send that is told to end, or loses its terminal.

What is under way is finished, and of nobody is nothing known.
"""

import contextlib
import fcntl
import os
import pty
import signal
import socket
import subprocess
import termios
import threading
from collections.abc import Callable

import pytest

from tests.cli.cli_workspace import CliWorkspace
from tests.delivery.scripted_server import Action
from tests.waiting import HANG_SECONDS

Script = dict[str, Callable[[str, str, int], object]]


def build_script_once_accepted(
    cli_workspace: CliWorkspace, count: int, do: Callable[[], object]
) -> Callable[[str, str, int], object]:
    """Make a script that does something once, when the server has taken so many messages."""
    left = [do]

    def smtp_script(at: str, who: str, taken: int) -> object:
        if at == "dot" and len(cli_workspace.server.accepted) >= count and left:
            left.pop()()
        return None

    return smtp_script


@pytest.mark.parametrize("cli_workspace", [120], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_finishes_what_is_under_way(
    cli_workspace: CliWorkspace, smtp_script: dict[str, object], number: signal.Signals
) -> None:
    """Ctrl-C, an orderly end, a terminal that was closed.

    Exit code 130, nothing in doubt, and the rest goes out later.
    """
    processes: list[subprocess.Popen[str]] = []

    def stop(at: str, who: str, taken: int) -> object:
        if at == "dot" and len(cli_workspace.server.accepted) == 30:
            processes[0].send_signal(number)
        return None

    smtp_script["now"] = stop
    processes.append(cli_workspace.start("send", "2026-12", "--yes"))
    out, err = processes[0].communicate(timeout=HANG_SECONDS)
    assert processes[0].returncode == 130, out + err
    assert "Stopped. Go on with: newsletter send 2026-12" in err
    assert set(cli_workspace.counts) == {"accepted", "planned"}
    assert cli_workspace.run("send", "2026-12", "--yes").exit_code == 0
    assert sorted(cli_workspace.server.recipients) == sorted(
        {one.recipient for one in cli_workspace.server.accepted}
    )
    assert cli_workspace.counts == {"accepted": 120}


@pytest.mark.parametrize("cli_workspace", [120], indirect=True)
def test_a_second_ctrl_c_ends_at_once(cli_workspace: CliWorkspace, smtp_script: Script) -> None:
    """The server lets us wait: the first asks for an orderly end, the second doesn't wait for it.

    What was under way is unknown.
    """
    processes: list[subprocess.Popen[str]] = []

    def stall(at: str, who: str, taken: int) -> object:
        if at == "dot" and len(cli_workspace.server.accepted) >= 30:
            if not silent:
                processes[0].send_signal(signal.SIGINT)
            silent.append(who)
            return Action.SILENCE
        return None

    silent: list[str] = []
    smtp_script["now"] = stall
    processes.append(cli_workspace.start("send", "2026-12", "--yes"))
    assert processes[0].stderr is not None
    assert any("Finishing what is under way" in line for line in processes[0].stderr)
    processes[0].send_signal(signal.SIGINT)
    processes[0].communicate(timeout=HANG_SECONDS)
    assert processes[0].returncode == 130
    smtp_script["now"] = lambda *_: None
    assert cli_workspace.run("send", "2026-12", "--yes").exit_code == 3
    assert 1 <= cli_workspace.counts["unknown"] <= 4 * 2
    assert len(cli_workspace.server.recipients) == len(set(cli_workspace.server.recipients))


@pytest.mark.parametrize("cli_workspace", [300], indirect=True)
def test_a_terminal_that_is_closed(cli_workspace: CliWorkspace, smtp_script: Script) -> None:
    """The window is gone: the kernel says SIGHUP.

    Every word to the terminal fails from then on. Nothing is in doubt.
    """
    ours, theirs = pty.openpty()

    def take_controlling_terminal() -> None:
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    def drain_terminal() -> None:
        with contextlib.suppress(OSError):
            while os.read(ours, 4096):
                pass

    smtp_script["now"] = build_script_once_accepted(cli_workspace, 30, lambda: os.close(ours))
    process = cli_workspace.start(
        "send",
        "2026-12",
        "--yes",
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        preexec_fn=take_controlling_terminal,
    )
    os.close(theirs)
    looking = threading.Thread(target=drain_terminal)
    looking.start()
    assert process.wait(HANG_SECONDS) == 130
    looking.join()
    assert set(cli_workspace.counts) == {"accepted", "planned"}


@pytest.mark.parametrize("cli_workspace", [300], indirect=True)
def test_a_terminal_that_is_held(cli_workspace: CliWorkspace, smtp_script: Script) -> None:
    """Ctrl-S holds the words, not the letters."""
    ours, theirs = pty.openpty()

    def hold() -> None:
        termios.tcflow(theirs, termios.TCOOFF)
        smtp_script["now"] = build_script_once_accepted(
            cli_workspace, 298, lambda: termios.tcflow(theirs, termios.TCOON)
        )

    smtp_script["now"] = build_script_once_accepted(cli_workspace, 30, hold)
    process = cli_workspace.start(
        "send",
        "2026-12",
        "--yes",
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )

    def drain_terminal() -> None:
        with contextlib.suppress(OSError):
            while os.read(ours, 4096):
                pass

    looking = threading.Thread(target=drain_terminal)
    looking.start()
    assert process.wait(HANG_SECONDS) == 0
    os.close(theirs)
    looking.join()
    os.close(ours)
    assert cli_workspace.counts == {"accepted": 300}


@pytest.mark.parametrize("cli_workspace", [300], indirect=True)
def test_nohup_is_believed(cli_workspace: CliWorkspace, smtp_script: Script) -> None:
    """Who ignores SIGHUP before we begin wants to log out and let it run."""
    processes: list[subprocess.Popen[str]] = []
    smtp_script["now"] = build_script_once_accepted(
        cli_workspace, 30, lambda: processes[0].send_signal(signal.SIGHUP)
    )
    processes.append(
        cli_workspace.start(
            "send",
            "2026-12",
            "--yes",
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        )
    )
    _, err = processes[0].communicate(timeout=HANG_SECONDS)
    assert processes[0].returncode == 0, err
    assert cli_workspace.counts == {"accepted": 300}


@pytest.mark.parametrize("cli_workspace", [300], indirect=True)
def test_a_pipe_that_nobody_reads(cli_workspace: CliWorkspace, smtp_script: Script) -> None:
    """`newsletter send 2>&1 | head -1`: words fail, letters don't."""
    processes: list[subprocess.Popen[str]] = []

    def stop() -> None:
        for stream in (processes[0].stderr, processes[0].stdout):
            assert stream is not None
            stream.close()
        processes[0].send_signal(signal.SIGTERM)

    smtp_script["now"] = build_script_once_accepted(cli_workspace, 30, stop)
    processes.append(cli_workspace.start("send", "2026-12", "--yes"))
    assert processes[0].wait(HANG_SECONDS) == 130
    assert set(cli_workspace.counts) == {"accepted", "planned"}


@pytest.mark.parametrize("cli_workspace", [300], indirect=True)
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 0), (signal.SIGHUP, 0), (signal.SIGINT, 130)]
)
def test_serve_finishes_what_is_under_way(
    cli_workspace: CliWorkspace, smtp_script: Script, number: signal.Signals, code: int
) -> None:
    """`systemctl stop`, a closed terminal, Ctrl-C.

    The letters on their way arrive and are written down; the rest goes out later.
    """
    processes: list[subprocess.Popen[str]] = []
    smtp_script["now"] = build_script_once_accepted(
        cli_workspace, 3, lambda: processes[0].send_signal(signal.SIGTERM)
    )
    processes.append(cli_workspace.start("send", "2026-12", "--yes"))
    processes[0].communicate(timeout=HANG_SECONDS)
    smtp_script["now"] = build_script_once_accepted(
        cli_workspace, 60, lambda: processes[1].send_signal(number)
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    processes.append(cli_workspace.start("serve", "--port", str(port)))
    _, err = processes[1].communicate(timeout=HANG_SECONDS)
    assert processes[1].returncode == code, err
    assert set(cli_workspace.counts) == {"accepted", "planned"}
    assert len(cli_workspace.server.recipients) == len(set(cli_workspace.server.recipients))
