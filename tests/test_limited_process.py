"""What reads files of strangers has limits of time and memory, and knows no secret."""

import tempfile
from pathlib import Path

import pytest

from newsletter.limited_process import (
    FileRefusedError,
    LimitExceededError,
    ProcessLimits,
    run_limited,
    stream_limited,
)

WORKER = "tests.greedy_worker"
DATA = bytes(range(256)) * 1_000 + b"\r\n\0"


def run(*arguments: str, data: bytes = b"", cpu_seconds: int = 5) -> bytes:
    limits = ProcessLimits(cpu_seconds=cpu_seconds, memory_bytes=100_000_000)
    return run_limited(WORKER, arguments, data, limits=limits)


def stream(*arguments: str, max_output_bytes: int = 1_000_000, cpu_seconds: int = 5) -> bytes:
    limits = ProcessLimits(cpu_seconds=cpu_seconds, memory_bytes=100_000_000)
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(DATA)
        source.seek(0)
        stream_limited(
            WORKER, arguments, source, target, limits=limits, max_output_bytes=max_output_bytes
        )
        target.seek(0)
        return target.read()


def test_an_answer_comes_whole() -> None:
    """Every byte, also those that text would change."""
    assert run("echo", data=DATA) == DATA
    assert stream("echo") == DATA


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


def test_an_answer_without_end_is_ended() -> None:
    """A small file can say to write one text a million times: the disk isn't filled."""
    with pytest.raises(LimitExceededError):
        stream("flood")
    with pytest.raises(LimitExceededError):
        stream("loop", cpu_seconds=1)


def test_a_refusal_comes_back_as_the_sentence_that_it_was() -> None:
    """With its values, to be said in any language."""
    for ask in (run, stream):
        with pytest.raises(FileRefusedError) as refused:
            ask("refuse")
        assert refused.value.phrase.values == {"path": "å"}
        assert "holds no sheet" in refused.value.phrase.text


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password in our environment isn't in the child's."""
    monkeypatch.setenv("NEWSLETTER_SMTP__PASSWORD", "hemligt")
    assert b"hemligt" not in run("environment")
    assert b"PYTHONPATH" in run("environment")
