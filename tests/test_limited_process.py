"""What reads files of strangers has limits of time and memory, and knows no secret."""

from pathlib import Path

import pytest

from newsletter.limited_process import LimitExceededError, ProcessLimits, run_limited

WORKER = "tests.greedy_worker"


def run(*arguments: str, data: bytes = b"", cpu_seconds: int = 5) -> bytes:
    limits = ProcessLimits(cpu_seconds=cpu_seconds, memory_bytes=100_000_000)
    return run_limited(WORKER, arguments, data, limits=limits)


def test_an_answer_comes_whole() -> None:
    """Every byte, also those that text would change."""
    data = bytes(range(256)) * 1_000 + b"\r\n\0"
    assert run("echo", data=data) == data


def test_who_takes_too_much_is_ended(tmp_path: Path) -> None:
    """Memory, time, files: the child dies, this process goes on."""
    resource = pytest.importorskip("resource")
    assert run("memory", "10") == b"10000000"
    with pytest.raises(LimitExceededError):
        run("memory", "200")
    with pytest.raises(LimitExceededError):
        run("loop", cpu_seconds=1)
    with pytest.raises(LimitExceededError):
        run("file", str(tmp_path / "file"), data=b"content")
    assert not (tmp_path / "file").exists() or not (tmp_path / "file").stat().st_size
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password in our environment isn't in the child's."""
    monkeypatch.setenv("NEWSLETTER_SMTP__PASSWORD", "hemligt")
    assert b"hemligt" not in run("environment")
    assert b"PYTHONPATH" in run("environment")
