"""The mutants that `make mutants` tries are changes, one each, of programs that still compile."""

import ast

import pytest

from tests.mutants.__main__ import EQUIVALENTS, ROOT, TARGETS, read_equivalents
from tests.mutants.mutations import generate_mutants


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("a < b", ["a <= b"]),
        ("a is None", ["a is not None"]),
        ("not a", ["a"]),
        ("a and b", ["a or b"]),
        ("a + b", ["a - b"]),
        ("a + 'x'", []),
        ("f(True)", ["f(False)"]),
        ("x = 3", ["x = 4"]),
        ("a if b else c", ["c if b else a"]),
        ("x: int = y", []),
        ("def f(a: 'int') -> bool: pass", []),
    ],
)
def test_each_mutant_is_one_change(source: str, changed: list[str]) -> None:
    """Nothing else moves, and types aren't touched."""
    assert [mutant.source for mutant in generate_mutants("m.py", source)] == changed


@pytest.mark.parametrize("module", sorted(TARGETS))
def test_every_mutant_compiles_and_differs(module: str) -> None:
    """A mutant that is the original, or no program, would say nothing about tests."""
    source = (ROOT / module).read_text(encoding="utf-8")
    original = ast.unparse(ast.parse(source))
    for mutant in generate_mutants(module, source):
        assert mutant.source != original
        compile(mutant.source, module, "exec")


def test_equivalents_are_mutants_that_there_are() -> None:
    """A line that was changed since takes its excuse along."""
    there = {
        mutant.key
        for module in TARGETS
        for mutant in generate_mutants(module, (ROOT / module).read_text(encoding="utf-8"))
    }
    assert read_equivalents() <= there or not EQUIVALENTS.is_file()
