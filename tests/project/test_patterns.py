"""No regular expression of the package takes more than linear time on text from outside."""

import json
import os
import subprocess
import sys

from tests.waiting import HANG_SECONDS

#: Pieces a pattern is fed with; `make faults` tries more.
PIECES = 10 * int(os.environ.get("FAULTS", "1"))


def test_no_pattern_is_worse_than_linear() -> None:
    """Repeated pieces of its own alphabet, with and without a tail at which it fails."""
    child = subprocess.run(
        [sys.executable, "-m", "tests.project.pattern_times", str(PIECES)],
        capture_output=True,
        timeout=HANG_SECONDS * PIECES / 10,
        check=True,
    )
    found = json.loads(child.stdout)
    assert found["patterns"] > 200
    assert found["worse"] == []
