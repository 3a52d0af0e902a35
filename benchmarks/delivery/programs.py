"""How each sender is started: its command, its job file, and the workspace that ours needs."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from benchmarks.delivery import letter
from benchmarks.delivery.peers import Peers
from benchmarks.delivery.plan import Key, Kind, Sender

_SENDERS = Path(__file__).parent / "senders"
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The files of one process."""

    file: Path
    report: Path
    port: int
    count: int


@dataclass(slots=True, kw_only=True)
class BenchmarkSetup:
    """The peers, the letter and the keys that all runs share."""

    peers: Peers
    folder: Path
    #: Octets of a message of ours: smtp-source sends as many.
    size: int = 50_000
    keys: dict[Key, Path] = field(default_factory=dict)

    def set_up(self) -> None:
        """Write letter and keys."""
        letter.write_letter(self.folder / "letter.json")
        for kind, key in (
            (Key.rsa, generate_private_key(65537, 2048)),
            (Key.ed25519, Ed25519PrivateKey.generate()),
        ):
            self.keys[kind] = self.folder / f"{kind}.pem"
            self.keys[kind].write_bytes(
                key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            )

    def write_job(self, sender: Sender, port: int, folder: Path) -> Job:
        """Write the job of one process into a folder of its own."""
        folder.mkdir()
        job = Job(
            file=folder / "job.json",
            report=folder / "report.jsonl",
            port=port,
            count=sender.count // sender.processes,
        )
        said = {
            "port": port,
            "count": job.count,
            "connections": sender.connections // sender.processes,
            "letter": str(self.folder / "letter.json"),
            "key": str(self.keys[sender.key]) if sender.key else None,
            "modules": str(self.peers.folder),
            "folder": str(folder),
            "report": str(job.report),
        }
        job.file.write_text(json.dumps(said), encoding="utf-8")
        return job

    def prepare(self, sender: Sender, job: Job) -> float:
        """Make the workspace that ours needs.

        Return the seconds that freezing the audience took.
        """
        if sender.kind is not Kind.ours:
            return 0.0
        subprocess.run(
            [sys.executable, "-m", "benchmarks.delivery.prepare", str(job.file)],
            check=True,
            cwd=_ROOT,
        )
        said = json.loads(job.report.read_text())
        self.size = said["size"]
        job.report.unlink()
        return float(said["frozen"])

    def build_command(self, sender: Sender, job: Job) -> list[str]:
        """Return the command of one process."""
        match sender.kind:
            case Kind.smtp_source:
                numbers = [
                    "-s",
                    str(sender.connections),
                    "-l",
                    str(self.size),
                    "-m",
                    str(job.count),
                ]
                names = ["-f", letter.SENDER, "-t", "reader@d1.example.org"]
                return [
                    str(self.peers.smtp_source),
                    "-d",
                    "-N",
                    *numbers,
                    *names,
                    f"127.0.0.1:{job.port}",
                ]
            case Kind.ours | Kind.plain:
                return [
                    sys.executable,
                    "-m",
                    f"benchmarks.delivery.senders.{sender.kind}",
                    str(job.file),
                ]
            case Kind.nodemailer:
                return [str(self.peers.node), str(_SENDERS / "nodemailer_send.mjs"), str(job.file)]
            case _:
                python = sys.executable if sender.kind is Kind.smtplib else str(self.peers.python)
                return [python, str(_SENDERS / f"{sender.kind}_send.py"), str(job.file)]

    def build_environment(self, sender: Sender) -> dict[str, str]:
        """Return what the process needs in its environment."""
        return self.peers.postfix_environment if sender.kind is Kind.smtp_source else {}

    def can_run(self, sender: Sender) -> bool:
        """Say whether the peer could be installed."""
        match sender.kind:
            case Kind.nodemailer:
                return self.peers.node is not None
            case Kind.django | Kind.mailmerge:
                return self.peers.python.is_file()
            case _:
                return True
