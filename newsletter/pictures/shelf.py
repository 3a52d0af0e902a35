"""Keep prepared pictures in a folder, each under a name made of its content, with a list of where they came from.

A name never means another picture, so a letter that was sent shows what it showed. Nothing is ever
taken away here.
"""

import hashlib
import json
import os
import re
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from newsletter.domain.picture import HostedPicture
from newsletter.pictures.draw import Prepared

INDEX = "index.json"
_NAME = re.compile(r"[0-9a-f]{20}\.(?:jpg|png|gif)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A picture on the shelf, and what its source said of it."""

    hosted: HostedPicture
    #: Pixels in width that were asked for.
    asked: int
    etag: str = ""
    last_modified: str = ""
    #: Seconds since 1970 when the source was last asked.
    seen: float = 0.0


def is_name(name: str) -> bool:
    """Say whether a name could be one of a picture here: no path, no other file."""
    return bool(_NAME.fullmatch(name))


@dataclass(slots=True)
class Shelf:
    """The folder. Threads may share it.

    Of two processes the later one's list wins, and pictures are fetched again.
    """

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def kept(self) -> Mapping[str, Kept]:
        """Return what lies here by the address it came from and the width: "https://… 1280"."""
        try:
            read = json.loads((self.folder / INDEX).read_text("utf-8"))
            found = {key: _kept(value) for key, value in dict(read).items()}
        except (OSError, ValueError, TypeError, KeyError):
            return {}
        return {
            key: one
            for key, one in found.items()
            if is_name(one.hosted.name) and (self.folder / one.hosted.name).is_file()
        }

    def put(
        self,
        url: str,
        prepared: Prepared,
        *,
        asked: int,
        seen: float,
        etag: str = "",
        last_modified: str = "",
    ) -> HostedPicture:
        """Write a picture and remember where it came from."""
        name = f"{hashlib.sha256(prepared.content).hexdigest()[:20]}.{prepared.kind}"
        hosted = HostedPicture(name=name, width=prepared.width, height=prepared.height)
        with self._lock:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / name).is_file():
                _replace(self.folder / name, prepared.content)
            one = Kept(
                hosted=hosted, asked=asked, etag=etag, last_modified=last_modified, seen=seen
            )
            self._write({**self.kept(), key(url, asked): one})
        return hosted

    def touch(self, url: str, asked: int, *, seen: float) -> None:
        """Remember that the source still has the same picture."""
        with self._lock:
            there = dict(self.kept())
            if one := there.get(key(url, asked)):
                there[key(url, asked)] = Kept(
                    **{**{name: getattr(one, name) for name in Kept.__slots__}, "seen": seen}
                )
                self._write(there)

    def file(self, name: str) -> Path | None:
        """Return a picture's file by its name, or None where there is none."""
        return file if is_name(name) and (file := self.folder / name).is_file() else None

    def _write(self, there: Mapping[str, Kept]) -> None:
        text = json.dumps(
            {name: asdict(one) for name, one in sorted(there.items())}, ensure_ascii=False, indent=1
        )
        _replace(self.folder / INDEX, text.encode("utf-8"))


def key(url: str, asked: int) -> str:
    """Return the name of a picture in the list."""
    return f"{url} {asked}"


def _kept(value: Any) -> Kept:
    return Kept(**{**value, "hosted": HostedPicture(**value["hosted"])})


def _replace(file: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
