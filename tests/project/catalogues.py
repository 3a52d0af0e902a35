"""Every text that a person may read, as babel finds it in code and templates.

`python -m tests.project.catalogues` (make catalogues) brings each catalogue up to date: new texts
are added without a translation, texts that nobody says any more are taken out.
"""

import importlib
import io
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import newsletter
from newsletter.errors import NewsletterError
from newsletter.i18n import LOCALE_FOLDER

ROOT = Path(__file__).parents[2]
Msgid = str | tuple[str, str]


def list_error_names() -> list[str]:
    """Return the names of every class of error of ours, wherever in the package it stands."""
    for module in pkgutil.walk_packages(newsletter.__path__, "newsletter."):
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            importlib.import_module(module.name)
    classes: list[type[NewsletterError]] = [NewsletterError]
    for one in classes:
        classes.extend(below for below in one.__subclasses__() if below not in classes)
    return [one.__name__ for one in classes]


#: What marks a text: the functions of `i18n`, and every class of error.
KEYWORDS: dict[str, object] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "Phrase": None,
    "_error": None,
} | dict.fromkeys(list_error_names())
METHODS = {
    "newsletter": ([("**.py", "python")], {}),
    "templates": (
        [("**.j2", "jinja2.ext:babel_extract")],
        {"**.j2": {"newstyle_gettext": "true", "silent": "false"}},
    ),
}


def find_messages() -> Iterator[tuple[str, Msgid]]:
    """Return every msgid with the file where it stands; singular and plural as a pair."""
    for folder, (method, options) in METHODS.items():
        for file, _, found, *_ in extract_from_dir(
            ROOT / folder, method, options, keywords=KEYWORDS
        ):  # type: ignore[arg-type]
            parts = (
                tuple(part for part in found if part)
                if isinstance(found, list | tuple)
                else (found,)
            )
            if parts and parts[0]:
                yield f"{folder}/{file}", parts[0] if len(parts) == 1 else (parts[0], parts[1])


def read_catalogue(file: Path) -> Catalog:
    """Read a catalogue."""
    with file.open("rb") as opened:
        return read_po(opened, locale=file.stem, abort_invalid=True)


def update_catalogue(old: Catalog) -> Catalog:
    """Return a catalogue with the texts of today and the translations that there are."""
    team = {"msgid_bugs_address": "-", "last_translator": "-", "language_team": "-"}
    new = Catalog(
        locale=old.locale, project="newsletter", version="-", charset="utf-8", fuzzy=False, **team
    )
    new.header_comment = (
        "# Each msgid is the English sentence. What stands in {braces} or %(so)s stays as it is."
    )
    for file, msgid in sorted(find_messages(), key=lambda found: found[0]):
        there = old.get(msgid[0] if isinstance(msgid, tuple) else msgid)
        new.add(msgid, there.string if there else None, locations=[(file, None)])  # type: ignore[list-item]
    return new


def write_catalogue(new: Catalog, file: Path) -> None:
    """Write a catalogue, without the dates that would make every run a change."""
    written = io.BytesIO()
    write_po(written, new, width=0, include_lineno=False)
    lines = written.getvalue().splitlines(keepends=True)
    file.write_bytes(
        b"".join(
            line
            for line in lines
            if not line.startswith((b'"POT-Creation-Date', b'"PO-Revision-Date'))
        )
    )


if __name__ == "__main__":
    for file in sorted(LOCALE_FOLDER.glob("*.po")):
        made = update_catalogue(read_catalogue(file))
        write_catalogue(made, file)
        untranslated = sum(not any(message.string or ()) for message in made if message.id)
        print(f"{file.name}: {len(made)} texts, {untranslated} without a translation")  # noqa: T201
