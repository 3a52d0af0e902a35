"""`newsletter demo` goes the whole way, and leaves a workspace like any other."""

import json
import os
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.waiting import HANG_SECONDS


def run_newsletter(
    *words: str | Path, language: str = "sv_SE.UTF-8"
) -> subprocess.CompletedProcess[str]:
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NEWSLETTER_", "LANG", "LC_"))
    }
    command = [sys.executable, "-m", "newsletter", *map(str, words)]
    return subprocess.run(
        command,
        env={**environ, "LANG": language},
        capture_output=True,
        text=True,
        timeout=HANG_SECONDS,
    )


@pytest.fixture(scope="module")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demo once, as on a machine in Swedish."""
    folder = tmp_path_factory.mktemp("demo") / "brev"
    ran = run_newsletter("demo", folder, "--no-serve")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder, ran.stdout


def test_every_reader_once_and_who_left_is_left_out(demo_run: tuple[Path, str]) -> None:
    """The mail server's own count: 1,000, then 999, nobody twice, none to her who left."""
    _, said = demo_run
    assert "1000 brev på" in said
    assert "999 läsare fick ett brev, 0 fick det två gånger, Astrid Ekström fick 0." in said


def test_the_workspace_is_like_any_other(demo_run: tuple[Path, str]) -> None:
    """Commands go on working in it: status, the list, checks, another issue from its Markdown."""
    folder, _ = demo_run
    status = json.loads(run_newsletter("-c", folder, "status", "2026-12", "--json").stdout)
    assert (status["state"], status["counts"]["accepted"], sum(status["counts"].values())) == (
        "sent",
        999,
        999,
    )
    shown = json.loads(
        run_newsletter(
            "-c", folder, "subscribers", "show", "astrid.ekstrom@example.org", "--json"
        ).stdout
    )
    assert shown["status"] == "unsubscribed"
    third = json.loads(run_newsletter("-c", folder, "compose", "2027-01", "--json").stdout)
    first, second = (
        (folder / "issues" / f"{name}.md").read_text(encoding="utf-8")
        for name in ("2026-11", "2026-12")
    )
    assert third["posts"]
    for post in third["posts"]:
        assert post["url"] not in first + second
    checked = json.loads(
        run_newsletter("-c", folder, "check", "2027-01", "--json", "--no-links").stdout
    )
    assert not [finding for finding in checked if finding["level"] == "error"]


def test_the_mail_that_she_got_is_whole(demo_run: tuple[Path, str]) -> None:
    """Swedish, two parts, her own link, pictures with words, nothing left open."""
    folder, _ = demo_run
    (kept,) = (folder / "out").glob("astrid*.eml")
    message = message_from_bytes(kept.read_bytes(), policy=policy.default)
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert 'lang="sv"' in html
    assert "Läs hela artikeln" in html
    assert "xslot" not in html + text
    assert "astrid.ekstrom@example.org" in text
    assert message["List-Unsubscribe"].strip("<>") in html.replace("&amp;", "&")


def test_a_newsletter_that_is_there_is_not_touched(demo_run: tuple[Path, str]) -> None:
    """The demo never writes over somebody's work."""
    folder, _ = demo_run
    before = (folder / "newsletter.toml").read_bytes()
    refused = run_newsletter("demo", folder, "--no-serve", language="C")
    assert refused.returncode == 1
    assert "already" in refused.stderr
    assert (folder / "newsletter.toml").read_bytes() == before
