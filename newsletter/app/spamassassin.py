"""Ask SpamAssassin what it says of a message, where it is installed.

Its local rules only, nothing leaves the machine.
"""

import os
import re
import shutil
import subprocess

from newsletter.render.checks.spam import SpamVerdict, parse_report

#: Seconds; a first start takes some four.
TIMEOUT_SECONDS = 15.0


def ask_spamassassin(
    message: bytes, *, path: str | None = None, timeout: float = TIMEOUT_SECONDS
) -> SpamVerdict | None:
    """Return what SpamAssassin says of a message in wire form.

    None where it isn't installed, or has nothing to say in time.

    `path`: where programs are looked for (PATH).
    """
    program = shutil.which("spamassassin", path=path)
    if program is None:
        return None
    bare = re.sub(rb"(?m)^\.\.", b".", message).replace(b"\r\n", b"\n")
    try:
        said = subprocess.run(  # noqa: S603 - the system's own program, the message comes by a pipe
            [program, "--test-mode", "--local"],
            input=bare,
            capture_output=True,
            timeout=timeout,
            check=True,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return parse_report(said.stdout.decode("utf-8", "replace"))
