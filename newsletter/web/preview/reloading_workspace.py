"""A workspace that is opened again when its settings change on disk."""

import threading
from collections.abc import Callable
from pathlib import Path

from newsletter.app import Workspace
from newsletter.errors import NewsletterError


class ReloadingWorkspace:
    """Keeps one workspace open; while the settings on disk are wrong, the old one is kept.

    Several threads ask at once: while one of them reads changed settings, the others wait for it.
    """

    def __init__(self, reopen: Callable[[], Workspace], settings_file: Path) -> None:
        self.settings_file = settings_file
        self._reopen = reopen
        self._lock = threading.Lock()
        self._signature = self._read_signature()
        self._error: NewsletterError | None = None
        #: The workspace that was opened last.
        self.latest = reopen()

    def get(self) -> Workspace:
        """Return the workspace with the settings as they are on disk.

        Raises NewsletterError while they are wrong.
        """
        with self._lock:
            signature = self._read_signature()
            if signature != self._signature:
                self._signature = signature
                self._reload()
            if self._error is not None:
                raise self._error
            return self.latest

    def close(self) -> None:
        """Close the workspace."""
        self.latest.close()

    def _reload(self) -> None:
        try:
            old, self.latest = self.latest, self._reopen()
        except NewsletterError as error:
            self._error = error
        else:
            self._error = None
            old.close()

    def _read_signature(self) -> tuple[int, int]:
        try:
            stat = self.settings_file.stat()
        except OSError:
            return 0, 0
        return stat.st_mtime_ns, stat.st_size
