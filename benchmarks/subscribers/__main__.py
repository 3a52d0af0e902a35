"""python -m benchmarks.subscribers [ROWS]: import a list, and let SQLite's shell import the same file into an indexed table.

Both in one run, one after the other, each in a process of its own. The bar is 4 times the shell's time and 150 MB.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SETTINGS = """[newsletter]
title = "Nytt"
language = "sv"
timezone = "Europe/Stockholm"
from = "nyhetsbrev@example.org"
postal_address = "Box 1"
public_url = "https://nyhetsbrev.example.org"
[[sources]]
url = "https://blogg.example.org/feed/"
[smtp]
host = "127.0.0.1"
"""
TABLE = "CREATE TABLE t (email TEXT UNIQUE, name TEXT, language TEXT, tags TEXT, ort TEXT);"


def write(file: Path, rows: int) -> None:
    """Write a list as municipalities have them: addresses in no order, names, a language, tags, a field of their own."""
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write("email,name,language,tags,ort\n")
        for number in range(rows):
            mixed = number * 2654435761 % 4294967296
            domain = f"kommun{mixed % 290}.example.org"
            out.write(f"fornamn.efternamn{mixed}@{domain},Förnamn Efternamn {number},sv,press;kultur,Umeå\n")


def timed(words: list[str], **more: object) -> tuple[float, float]:
    """Return seconds and the peak memory in MB of a command."""
    began = time.perf_counter()
    subprocess.run(["/usr/bin/env", *words], check=True, stdout=subprocess.DEVNULL, **more)  # type: ignore[call-overload]
    seconds = time.perf_counter() - began
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000


def main(rows: int) -> None:
    """Measure, and print both."""
    shell = shutil.which("sqlite3")
    if shell is None:
        print("needs SQLite's shell: apt install sqlite3", file=sys.stderr)
        raise SystemExit(1)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder / "list.csv", rows)
        (folder / "newsletter.toml").write_text(SETTINGS, "utf-8")
        newsletter = [sys.executable, "-m", "newsletter", "-c", str(folder / "newsletter.toml"), "subscribers"]
        timed([*newsletter, "stats"])
        theirs, _ = timed([shell, str(folder / "shell.db"), TABLE, ".mode csv", f".import --skip 1 {folder / 'list.csv'} t"])
        ours, memory = timed([*newsletter, "import", str(folder / "list.csv"), "--json"])
    print(f"{rows:,} rows: SQLite's shell {theirs:.1f} s, newsletter {ours:.1f} s ({ours / theirs:.1f} ×), peak {memory:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
