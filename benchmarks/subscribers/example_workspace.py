"""A newsletter's folder with a long list, to measure on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from newsletter.app import Workspace, open_workspace
from newsletter.subscribers.importing.import_list import ImportListener, ImportOptions, import_list

HOST = "nyhetsbrev.example.org"
_SETTINGS = f"""[newsletter]
title = "Nytt"
language = "sv"
timezone = "Europe/Stockholm"
from = "nyhetsbrev@example.org"
postal_address = "Box 1"
public_url = "https://{HOST}"
[[sources]]
url = "https://blogg.example.org/feed/"
[smtp]
host = "127.0.0.1"
port = {{port}}
security = "none"
[api]
token_file = "token"
"""
#: What other programs show.
TOKEN = "a-token-of-32-characters-or-more"  # noqa: S105  # for this folder only


def build_address(number: int) -> str:
    """Return the address of a reader; they come in no order."""
    mixed = number * 2654435761 % 4294967296
    return f"fornamn.efternamn{mixed}@kommun{mixed % 290}.example.org"


def write_list(file: Path, rows: int) -> None:
    """Write a list as municipalities have them.

    Addresses, names, a language, tags, a field of their own.
    """
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write("email,name,language,tags,ort\n")
        for number in range(rows):
            out.write(f"{build_address(number)},Förnamn Efternamn {number},sv,press;kultur,Umeå\n")


@contextmanager
def create_folder(rows: int = 0, port: int = 25) -> Iterator[Path]:
    """Lend a folder with settings and `list.csv`.

    Its mail server listens on a port of this machine.
    """
    with TemporaryDirectory(prefix="newsletter-bench-") as made:
        (Path(made) / "newsletter.toml").write_text(_SETTINGS.format(port=port), "utf-8")
        (Path(made) / "token").write_text(TOKEN, "utf-8")
        write_list(Path(made) / "list.csv", rows)
        yield Path(made)


@contextmanager
def create_workspace(readers: int, port: int = 25) -> Iterator[Workspace]:
    """Lend a workspace whose list has so many readers, with ids from 1."""
    with create_folder(readers, port) as made:
        opened = open_workspace(made)
        given = ImportOptions(keyed_hash=opened.keyed_hash)
        import_list(
            opened.database,
            made / "list.csv",
            opened.clock(),
            listener=ImportListener(),
            options=given,
        )
        try:
            yield opened
        finally:
            opened.close()
