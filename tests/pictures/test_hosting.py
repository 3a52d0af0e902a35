"""Pictures that lie with us: fetched once, kept under names of their content.

Shown again when the source is gone.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter.errors import FetchError
from newsletter.pictures.hosting import FRESH_SECONDS, store_pictures
from newsletter.pictures.picture_store import (
    INDEX_FILE_NAME,
    PictureRecord,
    PictureStore,
    is_picture_name,
)
from tests.pictures.test_image_worker import make_picture

URL, OTHER = "https://blogg.example.org/a.jpg", "https://blogg.example.org/b.jpg"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureResponse:
    content: bytes = b""
    unchanged: bool = False
    etag: str = '"1"'
    last_modified: str = ""


class ScriptedSource:
    """Answers from a table, and remembers what it was asked."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.requests: list[tuple[str, str]] = []

    def __call__(self, url: str, known: PictureRecord | None) -> PictureResponse:
        self.requests.append((url, known.etag if known else ""))
        answer = self.answers.get(url.rpartition("/")[2].partition(".")[0])
        if isinstance(answer, bytes):
            return PictureResponse(content=answer)
        if isinstance(answer, PictureResponse):
            return answer
        raise (
            answer
            if isinstance(answer, BaseException)
            else FetchError("{host} says no.", host="blogg.example.org")
        )


def test_a_picture_is_fetched_once_and_kept(tmp_path: Path) -> None:
    """Under a name made of its content; a second look asks nobody."""
    shelf, source = PictureStore(tmp_path / "pictures"), ScriptedSource(a=make_picture())
    first = store_pictures({URL: 200}, shelf, source, now=0.0)
    assert not first.broken
    assert (
        store_pictures(
            {URL: 200}, PictureStore(tmp_path / "pictures"), source, now=FRESH_SECONDS - 1
        ).hosted
        == first.hosted
    )
    assert source.requests == [(URL, "")]
    file = shelf.find_file(first.hosted[URL].name)
    assert file is not None
    assert file.read_bytes()[:2] == b"\xff\xd8"
    assert (first.hosted[URL].width, first.hosted[URL].height) == (200, 150)


def test_another_width_is_another_picture(tmp_path: Path) -> None:
    """A lead and a card of the same source."""
    shelf, source = PictureStore(tmp_path), ScriptedSource(a=make_picture())
    names = {
        store_pictures({URL: width}, shelf, source, now=0.0).hosted[URL].name
        for width in (100, 200)
    }
    assert len(names) == 2
    assert len(shelf.load_records()) == 2


def test_after_a_day_the_source_is_asked_whether_it_has_changed(tmp_path: Path) -> None:
    """With its own validators; unchanged stays, changed gets another name.

    The old file is still there.
    """
    shelf = PictureStore(tmp_path)
    first = store_pictures({URL: 200}, shelf, ScriptedSource(a=make_picture()), now=0.0).hosted[URL]
    later = ScriptedSource(a=PictureResponse(unchanged=True))
    assert store_pictures({URL: 200}, shelf, later, now=FRESH_SECONDS + 1).hosted[URL] == first
    assert later.requests == [(URL, '"1"')]
    assert store_pictures({URL: 200}, shelf, later, now=FRESH_SECONDS + 2).hosted[URL] == first
    assert len(later.requests) == 1
    changed = store_pictures(
        {URL: 200}, shelf, ScriptedSource(a=make_picture(size=(300, 300))), now=3 * FRESH_SECONDS
    ).hosted[URL]
    assert changed.name != first.name
    assert shelf.find_file(first.name)


def test_a_source_that_is_gone_leaves_the_picture_that_was_there(tmp_path: Path) -> None:
    """And one that never gave a picture is told, with the cause and whether anything came."""
    shelf = PictureStore(tmp_path)
    first = store_pictures({URL: 200}, shelf, ScriptedSource(a=make_picture()), now=0.0)
    again = store_pictures(
        {URL: 200, OTHER: 200, URL + "?c": 200},
        shelf,
        ScriptedSource(b=b"<html>"),
        now=2 * FRESH_SECONDS,
    )
    assert again.hosted == first.hosted
    assert again.broken[OTHER].reached
    assert not again.broken[URL + "?c"].reached
    assert "says no" in str(again.broken[URL + "?c"].cause)


def test_a_fault_of_ours_is_raised(tmp_path: Path) -> None:
    """Not told as the picture's."""
    with pytest.raises(ZeroDivisionError):
        store_pictures(
            {URL: 200}, PictureStore(tmp_path), ScriptedSource(a=ZeroDivisionError()), now=0.0
        )


def test_a_source_that_never_answers_costs_no_more_than_the_patience(tmp_path: Path) -> None:
    """What didn't come in time is broken for now."""
    import threading

    never = threading.Event()
    try:
        found = store_pictures(
            {URL: 200},
            PictureStore(tmp_path),
            lambda *_: never.wait() and PictureResponse(),
            now=0.0,
            timeout_seconds=0.05,
        )  # type: ignore[arg-type,return-value]
    finally:
        never.set()
    assert set(found.broken) == {URL}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"x": 3}',
        '{"x": {"hosted": {"name": "../../etc/passwd", "width": 1, "height": 1}, "asked": 1}}',
    ],
)
def test_a_damaged_list_is_made_anew(tmp_path: Path, text: str) -> None:
    """Nothing in it is trusted: no path leads out of the folder."""
    (tmp_path / INDEX_FILE_NAME).write_text(text)
    shelf = PictureStore(tmp_path)
    assert shelf.load_records() == {}
    assert store_pictures({URL: 200}, shelf, ScriptedSource(a=make_picture()), now=0.0).hosted


@pytest.mark.parametrize(
    "name",
    [
        "",
        "index.json",
        "../newsletter.toml",
        "a" * 20,
        "a" * 20 + ".svg",
        "A" * 20 + ".jpg",
        "a" * 20 + ".jpg\n",
    ],
)
def test_only_names_of_pictures_are_served(tmp_path: Path, name: str) -> None:
    """The list of sources isn't, nor anything outside."""
    (tmp_path / "index.json").write_text("{}")
    assert not is_picture_name(name)
    assert PictureStore(tmp_path).find_file(name) is None
