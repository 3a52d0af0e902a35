"""Run a sender as a whole process, and measure it: messages a second, CPU, memory.

Time and CPU are counted from when it begins to send (its modules are loaded, its job is read) until
it has ended.
"""

import json
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.delivery.plan import Sender
from benchmarks.delivery.programs import BenchmarkSetup

#: Seconds between two looks at a process's memory.
MEMORY_POLL_SECONDS = 0.05
#: Seconds after which a sender is thought to hang.
LONGEST = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run."""

    sent: int
    seconds: float
    cpu: float
    #: Peak, in MB of 1,000,000 octets; of several processes: the largest.
    memory: float
    #: (seconds since the beginning, accepted so far), where the sender tells.
    course: Sequence[tuple[float, int]] = field(default_factory=tuple)
    #: Seconds that freezing the audience took, where there is one.
    frozen: float = 0.0

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.sent / self.seconds

    @property
    def cpu_us(self) -> float:
        """Microseconds of CPU a message, the sender's own."""
        return 1e6 * self.cpu / self.sent


class MeasuredProcess(threading.Thread):
    """One process, watched until it ends."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], report: Path) -> None:
        super().__init__(daemon=True)
        self.report = report
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )
        self.memory = 0
        self.start()

    def run(self) -> None:
        """Note the peak of its memory (Linux: VmHWM) as long as it lives."""
        status = Path(f"/proc/{self.process.pid}/status")
        while True:
            try:
                lines = status.read_text().splitlines()
            except OSError:
                return
            self.memory = max(
                [self.memory, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))]
            )
            time.sleep(MEMORY_POLL_SECONDS)

    def wait_for_end(self) -> dict[str, Any]:
        """Wait for it; return when it began and ended, and what CPU it took between."""
        _, status, used = os.wait4(self.process.pid, 0)
        ended = time.monotonic()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode:
            raise RuntimeError(f"{self.process.args!r} ended with {self.process.returncode}")
        cpu = used.ru_utime + used.ru_stime
        marks = (
            [json.loads(line) for line in self.report.read_text().splitlines()]
            if self.report.exists()
            else []
        )
        if not marks:
            return {"began": self.began, "ended": ended, "cpu": cpu}
        return {
            "began": marks[0]["at"],
            "ended": marks[-1]["at"],
            "cpu": marks[-1]["cpu"] - marks[0]["cpu"],
            **marks[-1]["said"],
        }


def run_sender(bench: BenchmarkSetup, sender: Sender, port: int) -> Sample:
    """Prepare a sender's folder, run it, and return what it took."""
    with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
        jobs = [
            bench.write_job(sender, port, Path(folder) / str(number))
            for number in range(sender.processes)
        ]
        frozen = max(bench.prepare(sender, job) for job in jobs)
        running = [
            MeasuredProcess(
                bench.build_command(sender, job), bench.build_environment(sender), job.report
            )
            for job in jobs
        ]
        ends = [one.wait_for_end() for one in running]
    sent = sum(int(end.get("sent", job.count)) for end, job in zip(ends, jobs, strict=True))
    if sent != sum(job.count for job in jobs):
        raise RuntimeError(f"{sender.name} sent {sent} of {sum(job.count for job in jobs)}")
    began = min(end["began"] for end in ends)
    return Sample(
        sent=sent,
        seconds=max(end["ended"] for end in ends) - began,
        cpu=sum(end["cpu"] for end in ends),
        memory=max(one.memory for one in running) * 1024 / 1e6,
        course=[(at - began, accepted) for end in ends for at, accepted in end.get("course", ())],
        frozen=frozen,
    )
