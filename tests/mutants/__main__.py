"""Mutation testing of what decides: `make mutants`; `python -m tests.mutants --most 60` for a look.

modules → every mutant | as many as asked for, by a fixed seed | the tests of its room | killed?

Mutants that no test can tell from the original stand in equivalents.toml, with reasons.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.mutations import Mutant, generate_mutants

ROOT = Path(__file__).parents[2]
EQUIVALENTS = Path(__file__).with_name("equivalents.toml")
SEED = 20261201
#: Seconds for the tests of one mutant; an endless loop is noticed, too.
TIMEOUT_SECONDS = 180
#: What must be killed, of all that aren't equivalent.
KILLED_BAR = 0.85
#: Module → the tests that must notice a change of it.
TARGETS = {
    "newsletter/compose/picking/pick.py": ["tests/compose/picking"],
    "newsletter/compose/picking/filters.py": ["tests/compose/picking"],
    "newsletter/compose/picking/deduplicate.py": ["tests/compose/picking"],
    "newsletter/delivery/retry.py": [
        "tests/delivery/test_retry.py",
        "tests/delivery/test_retry_tables.py",
    ],
    "newsletter/domain/delivery.py": ["tests/domain", "tests/delivery/test_retry.py"],
    "newsletter/domain/issue.py": ["tests/domain"],
    "newsletter/domain/confirmation.py": ["tests/domain"],
    "newsletter/domain/subscriber.py": ["tests/domain"],
    "newsletter/mail/tokens.py": ["tests/mail/test_tokens.py"],
    "newsletter/mail/headers.py": [
        "tests/mail/test_header_bounds.py",
        "tests/mail/test_headers.py",
        "tests/mail/test_compile.py",
    ],
    "newsletter/subscribers/suppression.py": [
        "tests/subscribers/test_unsubscribe.py",
        "tests/subscribers/test_suppression.py",
    ],
    "newsletter/language/sentences.py": [
        "tests/language/test_sentence_rules.py",
        "tests/language/test_sentences.py",
        "tests/language/test_abbreviations.py",
    ],
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Try mutants; return 1 where fewer are killed than the bar asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", default="", help="part of a module's path")
    options = parser.parse_args(arguments)
    equivalents = read_equivalents()
    mutants = choose_mutants(options.most, options.seed, options.only)
    tried = [one for one in mutants if one.key not in equivalents]
    results: Counter[tuple[str, bool]] = Counter()
    with tempfile.TemporaryDirectory(prefix="newsletter-mutants-") as folder:
        copy = copy_project(Path(folder))
        for number, mutant in enumerate(tried, 1):
            killed = is_killed(copy, mutant)
            results[mutant.module, killed] += 1
            word = "killed  " if killed else "SURVIVED"
            print(f"{number:4}/{len(tried)} {word} {mutant.module}:{mutant.line}", flush=True)
            if not killed:
                print(f"          {mutant.before}\n       →  {mutant.after}", flush=True)
    return report(results, len(mutants) - len(tried), len(mutants))


def choose_mutants(most: int, seed: int, only: str) -> list[Mutant]:
    """Return as many mutants of all modules as asked for, the same ones for the same seed."""
    every = [
        mutant
        for module in sorted(TARGETS)
        if only in module
        for mutant in generate_mutants(module, (ROOT / module).read_text(encoding="utf-8"))
    ]
    chosen = random.Random(seed).sample(every, min(most, len(every)))
    return sorted(chosen, key=lambda one: (one.module, one.line))


def read_equivalents() -> set[tuple[str, str, str, str]]:
    """Return the mutants that no test can tell from the original."""
    if not EQUIVALENTS.is_file():
        return set()
    listed = tomllib.loads(EQUIVALENTS.read_text(encoding="utf-8")).get("equivalent", [])
    return {(one["module"], one["line"], one["before"], one["after"]) for one in listed}


def copy_project(folder: Path) -> Path:
    """Copy what the tests need, so that the checkout is never changed."""
    for name in ("newsletter", "tests", "templates", "docs", "benchmarks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "subscribers.example.csv"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def is_killed(copy: Path, mutant: Mutant) -> bool:
    """Return True if the tests of its room fail with the mutant in place."""
    file = copy / mutant.module
    original = file.read_text(encoding="utf-8")
    file.write_text(mutant.source, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *TARGETS[mutant.module]],
            cwd=copy,
            env=environ,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(original, encoding="utf-8")
    return done.returncode != 0


def report(results: Counter[tuple[str, bool]], equivalent: int, total: int) -> int:
    """Print a table by module; return the exit code."""
    for module in sorted({module for module, _ in results}):
        killed, left = results[module, True], results[module, False]
        print(f"{module:45} {killed:4} of {killed + left:4}")
    killed = sum(count for (_, is_dead), count in results.items() if is_dead)
    tried = sum(results.values())
    share = killed / tried if tried else 1.0
    print(f"{killed} of {tried} killed: {share:.1%} (bar {KILLED_BAR:.0%}); ", end="")
    print(f"{equivalent} of {total} equivalent")
    return int(share < KILLED_BAR)


if __name__ == "__main__":
    sys.exit(main())
