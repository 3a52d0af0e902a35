"""What mail clients won't show.

The letter's HTML and CSS against Can I email's data (caniemail.json.gz, MIT, see LICENSE).

HTML → features by Can I email's names → clients that lack them → one note a client
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from newsletter.domain.finding import Finding, Level
from newsletter.i18n import Phrase
from newsletter.render.checks.caniemail.features import features

#: Features that a note names before it says how many more there are.
SHOWN = 5


@cache
def _graceful() -> frozenset[str]:
    """Return the features that graceful.txt names.

    Where they are missing, a letter looks plainer and loses nothing.
    """
    text = (files("newsletter.render.checks.caniemail") / "graceful.txt").read_text("utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def _data() -> Mapping[str, Any]:
    packed = (files("newsletter.render.checks.caniemail") / "caniemail.json.gz").read_bytes()
    return dict(json.loads(gzip.decompress(packed)))


def look(html: str) -> Iterator[Finding]:
    """Yield one note a client: what it won't show of a letter, and where.

    What it lacks gracefully isn't told.
    """
    data = _data()
    used = [
        name
        for name in sorted(features(html))
        if name in data["features"] and name not in _graceful()
    ]
    for client, called in data["clients"].items():
        lacking = [
            _said(feature, client)
            for name in used
            if client in (feature := data["features"][name])["lacking"]
        ]
        if lacking:
            more = f" +{len(lacking) - SHOWN}" if len(lacking) > SHOWN else ""
            message = Phrase(
                "{client} doesn't show: {features}{more} (Can I email, {date}).",
                client=called, features="; ".join(lacking[:SHOWN]), more=more, date=data["date"],
            )  # fmt: skip
            yield Finding(code="client-support", level=Level.note, message=message, where=called)


def _said(feature: Mapping[str, Any], client: str) -> str:
    where = ", ".join(feature["lacking"][client])
    return f"{feature['title']} ({where})" if where else str(feature["title"])
