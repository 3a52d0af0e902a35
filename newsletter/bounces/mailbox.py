"""A Maildir: a folder in which a mail server puts each mail as a file of its own, into `new`.

Mail programs move it to `cur`.

What has been done goes into the folder Unsubscribed beside them, where staff's mail program shows
it; the rest stays.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from newsletter.errors import MailboxError

_PROCESSED_FOLDER = ".Unsubscribed"


class Maildir:
    """A mailbox; it remembers which mails it has shown, so that each is read once."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self._folder = folder
        #: Bytes of a mail that are read.
        self._max_bytes = max_bytes
        self._read_names: set[str] = set()

    def read_new_mails(self) -> Iterator[tuple[Path, bytes]]:
        """Return the beginning of each mail that wasn't shown yet, the oldest first.

        Raises MailboxError.
        """
        there: set[str] = set()
        for folder in ("new", "cur"):
            for file in self._list_files(self._folder / folder):
                name = _strip_flags(file)
                there.add(name)
                if name not in self._read_names and (head := self._read_head(file)) is not None:
                    self._read_names.add(name)
                    yield file, head
        self._read_names &= there

    def file_away(self, mail: Path) -> None:
        """Put a mail where those lie that are done with. Raises MailboxError."""
        done = self._folder / _PROCESSED_FOLDER
        try:
            for part in ("tmp", "new", "cur"):
                (done / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            (done / "maildirfolder").touch()
            mail.rename(done / "cur" / f"{_strip_flags(mail)}:2,S")
        except FileNotFoundError:
            return  # another process, or a mail program, was quicker
        except OSError as error:
            raise self._as_mailbox_error(error) from error

    def _list_files(self, folder: Path) -> list[Path]:
        try:
            with os.scandir(folder) as entries:
                return sorted(
                    Path(entry)
                    for entry in entries
                    if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
                )
        except OSError as error:
            raise self._as_mailbox_error(error) from error

    def _read_head(self, file: Path) -> bytes | None:
        try:
            with file.open("rb") as mail:
                return mail.read(self._max_bytes)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._as_mailbox_error(error) from error

    def _as_mailbox_error(self, error: OSError) -> MailboxError:
        return MailboxError(
            "The mailbox {folder} can't be used ({cause}). Check bounces.maildir, and that"
            " newsletter's user may write there.",
            folder=self._folder,
            cause=error.strerror or type(error).__name__,
        )


def _strip_flags(file: Path) -> str:
    """Return a mail's name without the flags that change when it is read."""
    return file.name.partition(":")[0]
