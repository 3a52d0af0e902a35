"""What a sender is told, and how it answers.

A file of JSON, and a line for the beginning and the end.

Imports nothing but the standard library: it runs in the peers' environment too.
"""

import json
import resource
import sys
import time
from pathlib import Path


def read_job():
    """Return the job and the letter."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return job, json.loads(Path(job["letter"]).read_text(encoding="utf-8"))


def write_mark(job, **said):
    """Note the time (monotonic, the same for all processes) and the CPU used so far, in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    line = {"at": time.monotonic(), "cpu": used.ru_utime + used.ru_stime, "said": said}
    with Path(job["report"]).open("a", encoding="utf-8") as report:
        report.write(json.dumps(line) + "\n")


def build_reader(number):
    """Return the address and name of a reader, and the values of her slots."""
    token = f"{number:028d}"
    links = {
        "unsubscribe_url": f"https://nyhetsbrev.example.org/u/{token}",
        "view_url": "https://nyhetsbrev.example.org/i/2026-12",
    }
    return f"reader{number}@d{number % 97}.example.org", f"Läsare {number}", links


def fill_slots(text, letter, links):
    """Put a reader's links into a text."""
    for name, placeholder in letter["slots"].items():
        text = text.replace(placeholder, links[name])
    return text
