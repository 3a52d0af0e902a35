"""The house: one word for one thing, and every word of the glossary where it says."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
GLOSSARY_ROW = re.compile(r"\| (?P<word>[^|]+) \| (?P<meaning>[^|]+) \| (?P<places>[^|]+) \|")


def list_modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / "newsletter").rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def read_glossary() -> list[re.Match[str]]:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return [row for row in GLOSSARY_ROW.finditer(text) if "`" in row["places"]]


def test_no_public_class_name_stands_twice() -> None:
    """Whoever greps for a class finds one."""
    places: dict[str, list[str]] = defaultdict(list)
    for path, tree in list_modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert len(places) > 200
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_the_glossary_has_each_word_once() -> None:
    """Two entries for one word would give it two meanings."""
    words = [row["word"].casefold() for row in read_glossary()]
    assert len(words) > 100
    assert [word for word in words if words.count(word) > 1] == []


def test_the_modules_that_the_glossary_names_are_there() -> None:
    """A module that was renamed is renamed in the glossary, too."""
    named = {name for row in read_glossary() for name in re.findall(r"`([^`]+)`", row["places"])}
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_no_module_grows_past_what_a_reader_holds_in_mind() -> None:
    """Lines end at 100 columns, and 400 of them are the most of any module."""
    for path, _ in list_modules():
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 400, path
        assert [line for line in lines if len(line) > 100] == [], path


def test_where_the_map_sends_whoever_changes_something_there_is_something() -> None:
    """Every path of ARCHITECTURE.md's "To change something" is there."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.partition("## To change something")[2].partition("\n## ")[0]
    paths = {name for name in re.findall(r"`([\w./]+/[\w./]*)`", table) if "LANGUAGE" not in name}
    assert len(paths) > 20
    assert [name for name in sorted(paths) if not (ROOT / name).exists()] == []


def list_imports(path: Path, tree: ast.Module, names: set[str]) -> set[str]:
    """Every module of ours that a module imports.

    At the top, in functions, for the type checker.
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in names else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & names


def test_no_modules_import_each_other() -> None:
    """No cycle, whatever import makes it, those for the type checker and in functions too."""
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): (
            path,
            tree,
        )
        for path, tree in list_modules()
    }
    graph = {name: list_imports(*found, set(modules)) - {name} for name, found in modules.items()}
    assert sum(map(len, graph.values())) > 1000
    while leaves := [name for name, needs in graph.items() if not needs]:
        for name in leaves:
            del graph[name]
        for needs in graph.values():
            needs.difference_update(leaves)
    assert graph == {}
