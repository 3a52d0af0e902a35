"""A content-addressed store of prepared pictures, with a list of where they came from.

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
from newsletter.pictures.image import PreparedImage

INDEX_FILE_NAME = "index.json"
_PICTURE_FILE_NAME = re.compile(r"[0-9a-f]{20}\.(?:jpg|png|gif)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRecord:
    """A picture on the shelf, and what its source said of it."""

    hosted: HostedPicture
    #: Pixels in width that were asked for.
    asked: int
    etag: str = ""
    last_modified: str = ""
    #: Seconds since 1970 when the source was last asked.
    seen: float = 0.0


def is_picture_name(name: str) -> bool:
    """Say whether a name could be one of a picture here: no path, no other file."""
    return bool(_PICTURE_FILE_NAME.fullmatch(name))


@dataclass(slots=True)
class PictureStore:
    """The folder. Threads may share it.

    Of two processes the later one's list wins, and pictures are fetched again.
    """

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def load_records(self) -> Mapping[str, PictureRecord]:
        """Return what lies here by the address it came from and the width: "https://… 1280"."""
        try:
            read = json.loads((self.folder / INDEX_FILE_NAME).read_text("utf-8"))
            found = {key: _to_record(value) for key, value in dict(read).items()}
        except (OSError, ValueError, TypeError, KeyError):
            return {}
        return {
            key: one
            for key, one in found.items()
            if is_picture_name(one.hosted.name) and (self.folder / one.hosted.name).is_file()
        }

    def put(
        self,
        url: str,
        picture: PreparedImage,
        *,
        width: int,
        seen: float,
        etag: str = "",
        last_modified: str = "",
    ) -> HostedPicture:
        """Write a picture and remember where it came from."""
        name = f"{hashlib.sha256(picture.content).hexdigest()[:20]}.{picture.kind}"
        hosted = HostedPicture(name=name, width=picture.width, height=picture.height)
        with self._lock:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / name).is_file():
                _write_atomically(self.folder / name, picture.content)
            one = PictureRecord(
                hosted=hosted, asked=width, etag=etag, last_modified=last_modified, seen=seen
            )
            self._write_index({**self.load_records(), build_key(url, width): one})
        return hosted

    def touch(self, url: str, width: int, *, seen: float) -> None:
        """Remember that the source still has the same picture."""
        with self._lock:
            there = dict(self.load_records())
            if one := there.get(build_key(url, width)):
                there[build_key(url, width)] = PictureRecord(
                    **{
                        **{name: getattr(one, name) for name in PictureRecord.__slots__},
                        "seen": seen,
                    }
                )
                self._write_index(there)

    def find_file(self, name: str) -> Path | None:
        """Return a picture's file by its name, or None where there is none."""
        return file if is_picture_name(name) and (file := self.folder / name).is_file() else None

    def _write_index(self, records: Mapping[str, PictureRecord]) -> None:
        text = json.dumps(
            {name: asdict(one) for name, one in sorted(records.items())},
            ensure_ascii=False,
            indent=1,
        )
        _write_atomically(self.folder / INDEX_FILE_NAME, text.encode("utf-8"))


def build_key(url: str, width: int) -> str:
    """Return the name of a picture in the list."""
    return f"{url} {width}"


def _to_record(value: Any) -> PictureRecord:
    return PictureRecord(**{**value, "hosted": HostedPicture(**value["hosted"])})


def _write_atomically(file: Path, content: bytes) -> None:
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
