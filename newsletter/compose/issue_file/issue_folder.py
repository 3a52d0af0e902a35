"""The folder of issue files: names, numbers, and writing without ever leaving half a file."""

import os
import re
import shutil
import tempfile
from pathlib import Path

from newsletter.domain.post import PostId
from newsletter.errors import IssueFileError

#: Beside the file, as it was before it was written last; its name doesn't end in .md, so nobody
#: takes it for an issue.
BACKUP_SUFFIX = ".bak"
_NAME = re.compile(r"[^\W_][\w .+-]{0,99}\Z")
_POST = re.compile(r"^[ \t]*<!--[ \t]*post:[ \t]*([0-9A-Za-z]+)", re.MULTILINE)


def get_issue_path(folder: Path, issue_name: str) -> Path:
    """Return where an issue of this name lies, or will.

    Raises IssueFileError for what can't be a file's name everywhere.
    """
    if not _NAME.match(issue_name) or issue_name.endswith((".", " ", ".md")):
        raise IssueFileError(
            "“{name}” can't be an issue's name. Use letters, digits and hyphens, as in 2026-12-01.",
            name=issue_name,
        )
    return folder / f"{issue_name}.md"


def read_text(path: Path) -> str | None:
    """Return a file's text, or None where there is no file.

    Raises IssueFileError where it can't be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IssueFileError("{path} can't be read. Save it as UTF-8 text.", path=path) from error


def read_all_texts(folder: Path) -> dict[str, str]:
    """Return the text of every issue file by its name; what can't be read is left out."""
    found = {}
    for path in sorted(folder.glob("*.md")):
        try:
            found[path.stem] = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
    return found


def find_posts(text: str) -> frozenset[PostId]:
    """Return the posts that a file names."""
    return frozenset(PostId(post) for post in _POST.findall(text))


def save(path: Path, text: str, *, expected: str | None) -> None:
    """Write a file whole or not at all, and keep what was there as NAME.md.bak.

    `expected`: what stood in it when it was read (None: nothing); raises IssueFileError where that
    has changed since, or where it can't be written.
    """
    path = path.resolve()
    _require_unchanged(path, expected)
    new: list[tuple[Path, Path]] = []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.append((_write_temp(path, text.encode("utf-8", "replace")), path))
        if expected is not None:
            new.append(
                (_write_temp(path, path.read_bytes()), path.with_name(path.name + BACKUP_SUFFIX))
            )
        # Once more, when what takes time is done: an editor may have saved meanwhile.
        _require_unchanged(path, expected)
        for temporary, place in new:
            temporary.replace(place)
        _fsync_folder(path.parent)
    except OSError as error:
        raise IssueFileError(
            "{path} can't be written ({why}).",
            path=path,
            why=error.strerror or type(error).__name__,
        ) from error
    finally:
        for temporary, _ in new:
            temporary.unlink(missing_ok=True)


def _require_unchanged(path: Path, expected: str | None) -> None:
    if read_text(path) != expected:
        raise IssueFileError(
            "{path} was changed while the issue was being composed. Nothing was written; compose"
            " again.",
            path=path,
        )


def _write_temp(path: Path, content: bytes) -> Path:
    """Write a temporary file that is on disk when this returns.

    Renamed, a power cut leaves the old file or the new one.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, name)
        else:
            Path(name).chmod(0o666 & ~_get_umask())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _fsync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _get_umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
