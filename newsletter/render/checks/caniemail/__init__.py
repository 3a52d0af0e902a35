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
from newsletter.render.checks.caniemail.features import find_features

#: Features that a note names before it says how many more there are.
MAX_SHOWN_FEATURES = 5


@cache
def _load_graceful_features() -> frozenset[str]:
    """Return the features that graceful.txt names.

    Where they are missing, a letter looks plainer and loses nothing.
    """
    text = (files("newsletter.render.checks.caniemail") / "graceful.txt").read_text("utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


@cache
def _load_support_data() -> Mapping[str, Any]:
    packed = (files("newsletter.render.checks.caniemail") / "caniemail.json.gz").read_bytes()
    return dict(json.loads(gzip.decompress(packed)))


def check_client_support(html: str) -> Iterator[Finding]:
    """Yield one note a client: what it won't show of a letter, and where.

    What it lacks gracefully isn't told.
    """
    data = _load_support_data()
    used = [
        name
        for name in sorted(find_features(html))
        if name in data["features"] and name not in _load_graceful_features()
    ]
    for client, called in data["clients"].items():
        lacking = [
            _describe_feature(feature, client)
            for name in used
            if client in (feature := data["features"][name])["lacking"]
        ]
        if lacking:
            more = (
                f" +{len(lacking) - MAX_SHOWN_FEATURES}"
                if len(lacking) > MAX_SHOWN_FEATURES
                else ""
            )
            message = Phrase(
                "{client} doesn't show: {features}{more} (Can I email, {date}).",
                client=called,
                features="; ".join(lacking[:MAX_SHOWN_FEATURES]),
                more=more,
                date=data["date"],
            )
            yield Finding(code="client-support", level=Level.note, message=message, where=called)


def _describe_feature(feature: Mapping[str, Any], client: str) -> str:
    where = ", ".join(feature["lacking"][client])
    return f"{feature['title']} ({where})" if where else str(feature["title"])
