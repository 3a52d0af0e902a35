"""Time every regular expression of the package on hostile text.

    python -m tests.project.pattern_times [PIECES]

patterns of the package | pieces of one to three characters of its own alphabet | repeated | timed

Prints a JSON list of those that are worse than linear. Runs as a child, which can be ended.
"""

import ast
import importlib
import inspect
import itertools
import json
import pkgutil
import random
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import newsletter

# Python has no public parser of patterns.
_parser: Any = importlib.import_module("re._parser")

#: Characters that a pattern is fed with.
SHORT_CHARS, LONG_CHARS = 5_000, 20_000
#: Below this many seconds of CPU nothing is said of how time grows.
NOTICEABLE_SECONDS = 0.02
#: Four times the text may take so many times the CPU.
MAX_GROWTH = 6.0
#: Seconds of CPU after which one try is ended, and counts as worse than linear.
LIMIT_SECONDS = 2
SEED = 20261201
LANGUAGES = ("sv", "en", "de", "nb", "da", "nl", "fi", "fr", "es")
#: Characters that stand for themselves side by side: "<!--", "/*".
_LITERAL_RUN = re.compile(r"(?<![\\w<!/*-])[<!/-]{2,4}(?=[.(\[])")
_METHODS = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer")
#: What stands for a class of characters.
_CATEGORY_CHARS = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_SPACE": " \n",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_WORD": "aå1_",
    "CATEGORY_NOT_WORD": " .",
}


@dataclass(frozen=True, slots=True)
class UsedPattern:
    """A pattern, where it stands, and how it is asked."""

    where: str
    pattern: re.Pattern[Any]
    method: str


def collect_patterns() -> list[UsedPattern]:
    """Return each pattern of the package once a way of asking."""
    modules = [
        importlib.import_module(info.name)
        for info in pkgutil.walk_packages(newsletter.__path__, "newsletter.")
        if ".migrations" not in info.name and not info.name.endswith("__main__")
    ]
    methods: dict[str, set[str]] = {}
    for module in modules:
        for node in ast.walk(_parse(module)):
            if isinstance(node, ast.Attribute) and node.attr in _METHODS:
                methods.setdefault(_get_name(node.value), set()).add(node.attr)
    found: dict[tuple[str | bytes, int, str], UsedPattern] = {}
    for module in modules:
        for used in itertools.chain(_list_values(module, methods), _list_inline(module)):
            key = (used.pattern.pattern, used.pattern.flags, used.method)
            found.setdefault(key, used)
    return list(found.values())


def _get_name(owner: ast.expr) -> str:
    """Return the last name of what a method is called on: X.search, x.X.search, get_x().search."""
    if isinstance(owner, ast.Call):
        owner = owner.func
    return owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")


def _list_values(module: ModuleType, methods: Mapping[str, set[str]]) -> Iterator[UsedPattern]:
    """Yield the patterns that a module's names hold, with the methods that are called on them."""
    for name, value in vars(module).items():
        if callable(value) and hasattr(value, "cache_info"):
            value = _call_loader(value)
        for path, pattern in _iter_patterns(name, value, depth=4):
            for method in sorted(methods.get(path.rpartition(".")[2], {"search"})):
                yield UsedPattern(f"{module.__name__}.{path}", pattern, method)


def _call_loader(loader: Callable[[], object]) -> object:
    arguments = inspect.signature(loader).parameters
    if not arguments:
        return loader()
    if list(arguments) == ["language"]:
        return [loader(language) for language in LANGUAGES]
    return None


def _iter_patterns(path: str, value: object, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield path, value
    elif depth and isinstance(value, Mapping):
        for inner in value.values():
            yield from _iter_patterns(path, inner, depth - 1)
    elif depth and isinstance(value, tuple | list | frozenset):
        for inner in value:
            yield from _iter_patterns(path, inner, depth - 1)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            inner = getattr(value, field.name, None)
            yield from _iter_patterns(f"{path}.{field.name}", inner, depth - 1)


def _list_inline(module: ModuleType) -> Iterator[UsedPattern]:
    """Yield the patterns that are written where they are asked: re.sub(r"…", …)."""
    for node in ast.walk(_parse(module)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _METHODS
            and isinstance(node.args[0], ast.Constant)
        ):
            pattern = re.compile(node.args[0].value)
            yield UsedPattern(f"{module.__name__}:{node.lineno}", pattern, node.func.attr)


def _parse(module: ModuleType) -> ast.Module:
    file = module.__file__
    return ast.parse(Path(file).read_bytes() if file else b"")


def list_alphabet(pattern: re.Pattern[Any]) -> list[str]:
    """Return the characters that a pattern speaks of, one or two for each class, and its words."""
    source = pattern.pattern
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    found: dict[str, None] = dict.fromkeys(_LITERAL_RUN.findall(text))

    def visit(node: object) -> None:
        if isinstance(node, _parser.SubPattern | list):
            for inner in node:
                visit(inner)
        elif isinstance(node, tuple):
            name, value = str(node[0]), node[1] if len(node) > 1 else None
            if name in ("LITERAL", "NOT_LITERAL"):
                found[chr(value)] = None
            elif name == "RANGE":
                found[chr(value[0])] = found[chr(value[1])] = None
            elif name == "CATEGORY":
                found.update(dict.fromkeys(_CATEGORY_CHARS.get(str(value), "")))
            elif name == "ANY":
                found["a"] = None
            else:
                for inner in node:
                    visit(inner)

    visit(list(_parser.parse(text, pattern.flags & ~re.DEBUG)))
    return list(found)


def make_pieces(alphabet: list[str], most: int) -> list[str]:
    """Return pieces of one to three characters: all single ones, of the others a sample."""
    chance = random.Random(SEED)
    singles = alphabet if len(alphabet) <= most // 2 else chance.sample(alphabet, most // 2)
    longer = {
        "".join(chance.choices(alphabet, k=chance.choice((2, 2, 3))))
        for _ in range(most - len(singles))
    }
    return [*singles, *sorted(longer)]


def measure_cpu(used: UsedPattern, text: str) -> float:
    """Return the seconds of CPU that one try takes, infinity where it was ended."""
    subject = text.encode("latin-1", "replace") if isinstance(used.pattern.pattern, bytes) else text
    method = getattr(used.pattern, used.method)
    arguments = (b"" if isinstance(subject, bytes) else "",) if used.method == "sub" else ()
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS)
    try:
        result = method(*arguments, subject)
        if used.method == "finditer":
            for _ in result:
                pass
    except TimeoutError:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - began


def find_worse_than_linear(used: UsedPattern, most: int) -> tuple[str, float, float] | None:
    """Return the piece that costs too much with both times in seconds, or None."""
    alphabet = list_alphabet(used.pattern)
    for piece in make_pieces(alphabet, most) if alphabet else ():
        for tail in ("", "\0"):
            slow = measure_cpu(used, _repeat(piece, LONG_CHARS) + tail)
            if slow <= NOTICEABLE_SECONDS:
                continue
            quick = min(measure_cpu(used, _repeat(piece, SHORT_CHARS) + tail) for _ in range(3))
            slow = min(slow, *(measure_cpu(used, _repeat(piece, LONG_CHARS) + tail) for _ in "ab"))
            if slow > NOTICEABLE_SECONDS and slow > MAX_GROWTH * quick:
                return piece, quick, slow
    return None


def _repeat(piece: str, chars: int) -> str:
    return piece * (chars // len(piece))


def _end_try(_number: int, _frame: object) -> None:
    raise TimeoutError


def main(arguments: list[str]) -> None:
    """Print what is worse than linear."""
    signal.signal(signal.SIGPROF, _end_try)
    most = int(arguments[0]) if arguments else 40
    patterns = collect_patterns()
    bad = [
        {
            "where": used.where,
            "method": used.method,
            "piece": worst[0],
            "short": worst[1],
            "long": worst[2],
        }
        for used in patterns
        if (worst := find_worse_than_linear(used, most))
    ]
    json.dump({"patterns": len(patterns), "worse": bad}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1:])
