"""A PostgreSQL of the tests' own.

The system's binaries, a folder that is thrown away, a port on loopback, no service.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Nothing here must outlive a power cut.
FAST_OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "max_connections=50",
)
MISSING = "PostgreSQL isn't there: sudo apt install postgresql"


def find_binaries() -> Path | None:
    """Return the folder of initdb and postgres, of the newest version there is, or None."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name),
        reverse=True,
    )
    found = shutil.which("initdb")
    return next(
        (
            folder
            for folder in (*folders, *([Path(found).parent] if found else []))
            if (folder / "initdb").is_file()
        ),
        None,
    )


@contextmanager
def run_cluster() -> Iterator[str]:
    """Run a cluster and lend the URL of its server, without a database's name.

    Raises FileNotFoundError where there are no binaries.
    """
    folder = find_binaries()
    if folder is None:
        raise FileNotFoundError(MISSING)
    user = _find_unprivileged_user()
    with tempfile.TemporaryDirectory(
        prefix="newsletter-postgresql-", ignore_cleanup_errors=True
    ) as home:
        if user:
            shutil.chown(home, user)
        _run_as(
            user,
            [
                folder / "initdb",
                "-D",
                f"{home}/data",
                "-U",
                "newsletter",
                "--auth=trust",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C",
            ],
            home,
        )
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = f"-k {home} -p {port} " + " ".join(f"-c {one}" for one in FAST_OPTIONS)
        _run_as(
            user,
            [
                folder / "pg_ctl",
                "-D",
                f"{home}/data",
                "-w",
                "-t",
                "60",
                "-l",
                f"{home}/log",
                "-o",
                options,
                "start",
            ],
            home,
        )
        try:
            yield f"postgresql://newsletter@127.0.0.1:{port}"
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                _run_as(
                    user,
                    [folder / "pg_ctl", "-D", f"{home}/data", "-m", "immediate", "-w", "stop"],
                    home,
                )


def _find_unprivileged_user() -> str | None:
    """Return whom to run as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _run_as(user: str | None, command: list[Path | str], home: str) -> None:
    subprocess.run(
        command,
        user=user,
        cwd=home,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
    )
