"""newsletter: the engine that `newsletter send` runs, on a workspace whose audience is frozen."""

import json
import sys
import threading
from datetime import timedelta
from pathlib import Path

from benchmarks.delivery.senders import job as jobs
from newsletter.app import open_workspace
from newsletter.app.send import deliver
from newsletter.domain.delivery import DeliveryState, SendProgress


def main() -> None:
    """Send what is open, and note how far it was at which time."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    course: list[tuple[float, int]] = []

    def _note(progress: SendProgress) -> None:
        course.append((jobs.time.monotonic(), progress.counts[DeliveryState.accepted]))

    workspace = open_workspace(Path(job["folder"]) / "newsletter.toml")
    jobs.write_mark(job)
    ended = deliver(
        workspace,
        "2026-12",
        stop=threading.Event(),
        language="en",
        on_progress=_note,
        wait=timedelta(0),
    )
    jobs.write_mark(job, sent=ended.progress.counts[DeliveryState.accepted], course=course)


main()
