"""What is logged while nobody watches."""

import json
import subprocess
import sys

import pytest

CODE = """
import logging
from newsletter.cli.logging_setup import configure_logging
configure_logging({form!r})
logging.getLogger("newsletter.web").info("subscriber.unsubscribed subscriber=%d", 5)
logging.getLogger("newsletter.web").debug("not shown")
logging.getLogger("uvicorn.error").info("not shown")
logging.getLogger("uvicorn.error").warning("shown")
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_events_go_to_standard_error_one_a_line(form: str) -> None:
    """Ours from info on, others' from warning on; as text for people, as JSON for machines."""
    ran = subprocess.run(
        [sys.executable, "-c", CODE.format(form=form)], capture_output=True, text=True, check=True
    )
    lines = ran.stderr.splitlines()
    assert (ran.stdout, len(lines)) == ("", 2)
    assert "subscriber.unsubscribed subscriber=5" in lines[0]
    if form == "json":
        assert json.loads(lines[0])["event"] == "subscriber.unsubscribed subscriber=5"
        assert json.loads(lines[1])["level"] == "warning"
