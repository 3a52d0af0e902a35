"""Make a workspace with readers whose audience is frozen.

`python -m benchmarks.delivery.prepare JOB.json`.

Not measured, but for one figure: how long freezing takes.
"""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from benchmarks.delivery.senders import job as jobs
from newsletter.app import open_workspace
from newsletter.app.mail_setup import compile_message
from newsletter.delivery import control
from newsletter.domain.issue import RenderedIssue
from newsletter.store.database import Database
from newsletter.store.tables import subscribers

#: Rows written at a time.
BATCH_ROWS = 10_000
_SETTINGS = """
[newsletter]
title = "Nytt från regionen"
language = "sv"
timezone = "Europe/Stockholm"
from = "Redaktionen <{sender}>"
postal_address = "Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"

[[sources]]
url = "posts"

[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = {connections}
"""
_DKIM = """
[dkim]
domain = "regionexempel.example.org"
selector = "n1"
key_file = "{key}"
"""


def add_readers(database: Database, count: int) -> None:
    """Write the readers."""
    with database.begin() as connection:
        for rows in _build_batches(count):
            connection.execute(sa.insert(subscribers), rows)


def _build_batches(count: int) -> Iterator[list[dict[str, object]]]:
    now = datetime.now(UTC)
    constant = {"language": "sv", "tags": [], "fields": {}, "status": "active", "created": now}
    for start in range(1, count + 1, BATCH_ROWS):
        named = (
            jobs.build_reader(number) for number in range(start, min(start + BATCH_ROWS, count + 1))
        )
        yield [
            {"email": address, "key": address, "name": name, **constant}
            for address, name, _ in named
        ]


def main() -> None:
    """Write settings, readers and journal; report how long the freezing took."""
    job, letter = jobs.read_job()
    folder = Path(job["folder"])
    text = _SETTINGS.format(sender=letter["from"], port=job["port"], connections=job["connections"])
    (folder / "newsletter.toml").write_text(
        text + (_DKIM.format(key=job["key"]) if job.get("key") else ""), encoding="utf-8"
    )
    workspace = open_workspace(folder / "newsletter.toml")
    add_readers(workspace.database, job["count"])
    rendered = RenderedIssue(
        subject=letter["subject"],
        preheader="",
        language="sv",
        html=letter["html"],
        text=letter["text"],
        mjml="",
        slots=letter["slots"],
    )
    began = time.monotonic()
    control.start(workspace.database, "2026-12", rendered, datetime.now(UTC))
    frozen = time.monotonic() - began
    message = compile_message(workspace, rendered, "2026-12")
    workspace.close()
    Path(job["report"]).write_text(
        json.dumps({"frozen": frozen, "size": message.size}) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
