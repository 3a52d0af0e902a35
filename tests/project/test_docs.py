"""What the documents say is what the program does."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from newsletter.config import Settings

ROOT = Path(__file__).parents[2]
TEXTS = (
    ".py",
    ".md",
    ".toml",
    ".j2",
    ".po",
    ".css",
    ".js",
    ".json",
    ".csv",
    ".txt",
    "Makefile",
    "run",
)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)\s#]+)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
#: Addresses there are wrong on purpose.
MALFORMED = ROOT / "tests/mail/test_address.py"


def list_tracked_files() -> list[Path]:
    """Return the files of the project, or of the tree where it isn't a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name.endswith(TEXTS) and (ROOT / name).is_file()]


def test_the_reference_of_commands_is_up_to_date() -> None:
    """Every command and option stands in docs/reference/commands.md as it is.

    `make reference` writes it.
    """
    made = subprocess.run(
        [sys.executable, "-c", ("import sys; sys.path.insert(0, 'docs');"
            " from make_reference import reference; print(reference(), end='')")],
        cwd=ROOT, env={**os.environ, "LANGUAGE": "en"}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8") == made


def list_settings(model: type[BaseModel], table: str = "") -> list[tuple[str, str]]:
    """Return (table, key) of every setting."""
    found = []
    for name, field in model.model_fields.items():
        inner = next(
            (
                part
                for part in flatten_annotation(field.annotation)
                if isinstance(part, type) and issubclass(part, BaseModel)
            ),
            None,
        )
        word = field.alias or name
        found += (
            [(table, word)] if inner is None else list_settings(inner, f"{table}.{word}".strip("."))
        )
    return found


def flatten_annotation(annotation: Any) -> list[Any]:
    return (
        [annotation]
        if get_origin(annotation) is None
        else [found for part in get_args(annotation) for found in flatten_annotation(part)]
    )


@pytest.mark.parametrize(("table", "key"), list_settings(Settings))
def test_every_setting_is_in_the_reference(table: str, key: str) -> None:
    """A key that isn't documented doesn't exist for staff."""
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert re.search(rf"`[^`]*\b{key}\b[^`]*`", page), (
        f"[{table}] {key} isn't in docs/reference/settings.md"
    )
    assert re.search(rf"\b{table.partition('.')[0]}\b", page)


def test_every_link_between_documents_leads_somewhere() -> None:
    """A link or a picture in a document is a file that is there."""
    dead = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in list_tracked_files()
        if document.suffix == ".md" and "templates" not in document.parts
        for target in LINK.findall(CODE.sub("", document.read_text(encoding="utf-8")))
        if not (document.parent / target).exists()
    ]
    assert not dead


def test_no_address_could_be_somebodys() -> None:
    """Every e-mail address in the project has a domain that nobody can own (RFC 2606, 6761)."""
    reserved = re.compile(r"(^|\.)(example|test|invalid|localhost)$|(^|\.)example\.(org|com|net)$")
    address = re.compile(r"(?<![\w.])[\w.+-]+@((?:[a-z0-9-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
    strangers = {
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in list_tracked_files()
        if path != MALFORMED
        for found in address.finditer(path.read_text(encoding="utf-8", errors="replace"))
        if not reserved.search(found[1].lower())
    }
    assert not strangers
