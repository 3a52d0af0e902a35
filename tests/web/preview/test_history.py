"""The undo and redo stacks: what each step does to them, and how they survive a restart."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.i18n import Phrase
from newsletter.web.preview.history import (
    MAX_SAVED_STEPS,
    MAX_STEPS,
    EditHistory,
    EditStep,
    StepDirection,
    parse_history,
)


def make_step(before: str, after: str, text: str = "Subject changed") -> EditStep:
    return EditStep(description=Phrase(text), before=before, after=after)


FIRST, SECOND = make_step("a", "b"), make_step("b", "c")


def make_history(*steps: tuple[EditStep, StepDirection]) -> EditHistory:
    history = EditHistory()
    for step, direction in steps:
        history.record(step, direction)
    return history


def test_a_step_undone_can_be_done_again() -> None:
    """An undo is kept the way it leads when it is done again: from "a" to "b"."""
    history = make_history((FIRST, StepDirection.do))
    history.record(make_step("b", "a"), StepDirection.undo)
    assert history.undo_stack == []
    assert history.redo_stack == [FIRST]
    history.record(FIRST, StepDirection.redo)
    assert history.undo_stack == [FIRST]
    assert history.redo_stack == []


def test_a_new_step_empties_the_redo_stack() -> None:
    """What was undone belongs to a text that is gone."""
    history = make_history((FIRST, StepDirection.do))
    history.record(make_step("b", "a"), StepDirection.undo)
    history.record(make_step("a", "x"), StepDirection.do)
    assert history.redo_stack == []
    assert history.get_last(StepDirection.redo) is None


@pytest.mark.parametrize(
    ("direction", "expected"),
    [(StepDirection.undo, FIRST), (StepDirection.redo, SECOND)],
    ids=["undo", "redo"],
)
def test_the_last_step_of_each_stack(direction: StepDirection, expected: EditStep) -> None:
    """Undo takes the last that was done, redo the last that was undone."""
    history = EditHistory(undo_stack=[FIRST], redo_stack=[SECOND])
    assert history.get_last(direction) is expected
    assert history.describe_last(direction) == expected.description


@pytest.mark.parametrize("direction", [StepDirection.undo, StepDirection.redo], ids=str)
def test_an_empty_stack_has_no_last_step(direction: StepDirection) -> None:
    """None, not an IndexError."""
    assert EditHistory().get_last(direction) is None
    assert EditHistory().describe_last(direction) is None


def test_the_stack_keeps_the_newest_steps() -> None:
    """Two hundred can be undone; the oldest goes."""
    steps = [make_step(str(n), str(n + 1)) for n in range(MAX_STEPS + 3)]
    history = make_history(*((step, StepDirection.do) for step in steps))
    assert history.undo_stack == steps[3:]


def test_a_version_that_is_seen_again_is_the_newest_again() -> None:
    """The oldest that no page has shown lately is forgotten first."""
    history = EditHistory()
    for n in range(MAX_STEPS):
        history.add_seen(str(n), f"text {n}")
    history.add_seen("0", "text 0")
    history.add_seen("new", "text")
    assert "0" in history.seen_texts
    assert "1" not in history.seen_texts
    assert len(history.seen_texts) == MAX_STEPS


def test_what_is_written_names_each_text_once() -> None:
    """Four texts of three steps share two: they are kept under their versions."""
    history = EditHistory(undo_stack=[FIRST, SECOND], redo_stack=[make_step("c", "d")])
    written = json.loads(history.to_json())
    assert set(written) == {"texts", "done", "undone"}
    assert sorted(written["texts"].values()) == ["a", "b", "c", "d"]
    assert [len(written[key]) for key in ("done", "undone")] == [2, 1]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
steps = st.builds(
    lambda before, after, title: EditStep(
        description=Phrase("Removed: {title}", title=title), before=before, after=after
    ),
    texts,
    texts,
    texts,
)


@given(done=st.lists(steps, max_size=5), undone=st.lists(steps, max_size=5))
def test_a_history_survives_a_restart(done: list[EditStep], undone: list[EditStep]) -> None:
    """Written and read, it is the same, whatever stands in texts and descriptions."""
    history = EditHistory(undo_stack=done, redo_stack=undone)
    read = parse_history(history.to_json())
    for mine, theirs in ((done, read.undo_stack), (undone, read.redo_stack)):
        assert [(s.before, s.after) for s in mine] == [(s.before, s.after) for s in theirs]
        assert [s.description.translate("en") for s in mine] == [
            s.description.translate("en") for s in theirs
        ]


def test_only_the_last_steps_are_written() -> None:
    """A file of fifty steps is small; those before can't be undone after a restart."""
    steps = [make_step(str(n), str(n + 1)) for n in range(MAX_SAVED_STEPS + 2)]
    read = parse_history(EditHistory(undo_stack=steps).to_json())
    assert [step.before for step in read.undo_stack] == [step.before for step in steps[2:]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        "{}",
        '{"done": [], "undone": []}',
        '{"texts": {}, "done": [["x", {}, "1", "2"]], "undone": []}',
        '{"texts": {"1": 3, "2": "b"}, "done": [["x", {}, "1", "2"]], "undone": []}',
        '{"texts": {"1": "a", "2": "b"}, "done": [["x", [], "1", "2"]], "undone": []}',
        '{"texts": {"1": "a", "2": "b"}, "done": [["{x}", {}, "1", "2"]], "undone": []}',
        '{"texts": {"1": "a", "2": "b"}, "done": [["x", {}, "1"]], "undone": []}',
    ],
    ids=[
        "empty",
        "half",
        "list",
        "null",
        "deep",
        "no-keys",
        "no-texts",
        "text-missing",
        "text-a-number",
        "values-a-list",
        "value-missing",
        "short-row",
    ],
)
def test_a_file_that_cant_be_read_is_an_empty_history(text: str) -> None:
    """The history only helps: nothing in it stops the preview."""
    assert parse_history(text) == EditHistory()
