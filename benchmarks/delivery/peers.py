"""Peers, installed for the bench only, into a folder of the user's cache.

The project itself never depends on them.

Postfix: apt's package, unpacked and not installed | nodemailer: npm
    | Django, mailmerge: pip, in an environment of their own
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

NODEMAILER = "nodemailer@10"
PYTHON_PEERS = ("django>=5.2,<6", "mailmerge==2.3.0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """Where they lie; what couldn't be installed isn't there, and is left out."""

    folder: Path

    @property
    def smtp_sink(self) -> Path:
        """Postfix's test server."""
        return self.folder / "postfix/usr/sbin/smtp-sink"

    @property
    def smtp_source(self) -> Path:
        """Postfix's test client: the limit."""
        return self.folder / "postfix/usr/sbin/smtp-source"

    @property
    def postfix_environment(self) -> dict[str, str]:
        """Where its libraries are found."""
        libraries = [
            self.folder / "postfix/usr/lib/postfix",
            *sorted((self.folder / "postfix/usr/lib").glob("*-linux-*")),
        ]
        return {"LD_LIBRARY_PATH": ":".join(map(str, libraries))}

    @property
    def python(self) -> Path:
        """The interpreter that Django and mailmerge are installed for."""
        return self.folder / "python/bin/python"

    @property
    def node(self) -> str | None:
        """Node, if nodemailer is there for it."""
        return shutil.which("node") if (self.folder / "node_modules/nodemailer").is_dir() else None


def find_cache_folder() -> Path:
    """Return the folder of the cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsletter-bench"


def install() -> Peers:
    """Install what isn't there yet; say what can't be.

    Raises RuntimeError without Postfix's two programs.
    """
    peers = Peers(folder=find_cache_folder())
    peers.folder.mkdir(parents=True, exist_ok=True)
    for there, name, steps in (
        (peers.smtp_sink.is_file(), "Postfix", _install_postfix),
        (peers.python.is_file(), "Django and mailmerge", _install_python_peers),
        (peers.node is not None, "nodemailer", _install_nodemailer),
    ):
        if not there:
            try:
                steps(peers)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"{name} can't be installed, and is left out: {error}")
    if not peers.smtp_source.is_file():
        raise RuntimeError(
            "The bench needs Postfix's smtp-sink and smtp-source, which come by apt-get download"
            " (Debian, Ubuntu)."
        )
    return peers


def _install_postfix(peers: Peers) -> None:
    packages = peers.folder / "deb"
    packages.mkdir(exist_ok=True)
    _run(["apt-get", "download", "postfix"], packages)
    needs = subprocess.run(
        [  # noqa: S607
            "apt-cache",
            "depends",
            "--no-recommends",
            "--no-suggests",
            "postfix",
        ],  # where it lies is the system's business
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wanted = [
        line.split()[-1]
        for line in needs.splitlines()
        if "Depends: lib" in line and "libc6" not in line
    ]
    _run(["apt-get", "download", *wanted], packages)
    for package in sorted(packages.glob("*.deb")):
        _run(["dpkg", "-x", str(package), str(peers.folder / "postfix")], packages)


def _install_python_peers(peers: Peers) -> None:
    _run([sys.executable, "-m", "venv", str(peers.folder / "python")], peers.folder)
    _run(
        [
            str(peers.python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *PYTHON_PEERS,
        ],
        peers.folder,
    )


def _install_nodemailer(peers: Peers) -> None:
    _run(
        [
            "npm",
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(peers.folder),
            NODEMAILER,
        ],
        peers.folder,
    )


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
