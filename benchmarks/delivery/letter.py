"""The letter that all senders send: 50 kB of HTML and text, with two links of the reader's own.

Everybody gets the same words; only smtp-source sends its own, of the same size.
"""

import json
from pathlib import Path

#: Octets of the two parts before they are encoded: quoted-printable makes a fifth more of them.
HTML_BYTES, TEXT_BYTES = 38_600, 2_400
SUBJECT = "Nytt från regionen i december: söndagsöppna bibliotek och nya cykelvägar"
#: What stands for a reader's own links.
SLOTS = {"unsubscribe_url": "X7unsubscribe", "view_url": "X7view"}
SENDER = "nyhetsbrev@regionexempel.example.org"
_TEXT = (
    "biblioteken öppnar på söndagar och försöket pågår i ett år medan forskare vid högskolan följer"
    " om fler barn hittar dit nya cykelvägar byggs längs kusten och företag som exporterar kan söka"
    " pengar till sina första resor utomlands"
)
_WORDS = _TEXT.split()
_CELL = (
    '<td style="font-family: Arial, sans-serif; font-size: 16px; line-height: 24px; color: #1f2933;'
    ' padding: 0 24px 12px">{}</td>'
)


def build_html() -> str:
    """Return a page like those that a theme draws: tables, inlined styles, a link a teaser."""
    rows: list[str] = []
    size, number = 0, 0
    while size < HTML_BYTES - 700:
        number += 1
        link = (
            f'<a href="https://blogg.example.org/{number}-nyhet/" style="color:'
            f' #0f5c4a">{_build_sentence(number, 6)}</a>'
        )
        cell = _CELL.format(
            f'<h2 style="margin: 0">{link}</h2>'
            f'<p style="margin: 0">{_build_sentence(number * 3, 45)}</p>'
        )
        rows.append(f'<table role="presentation" width="100%"><tr>{cell}</tr></table>')
        size += len(rows[-1].encode()) + 1
    footer = (
        f'<p><a href="{SLOTS["view_url"]}">Visa på webben</a> · <a'
        f' href="{SLOTS["unsubscribe_url"]}">Sluta prenumerera</a></p>'
    )
    head = (
        '<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Nytt från'
        " regionen</title></head><body>"
    )
    return "\n".join([head, *rows, footer, "</body></html>"]) + "\n"


def build_text() -> str:
    """Return the same in plain text."""
    lines, number = ["Nytt från regionen", ""], 0
    while sum(len(line.encode()) + 1 for line in lines) < TEXT_BYTES - 150:
        number += 1
        lines += [_build_sentence(number * 3, 10), ""]
    return "\n".join([*lines, f"Sluta prenumerera: {SLOTS['unsubscribe_url']}", ""])


def write_letter(file: Path) -> None:
    """Write the letter where every sender reads it."""
    file.write_text(
        json.dumps(
            {
                "subject": SUBJECT,
                "from": SENDER,
                "html": build_html(),
                "text": build_text(),
                "slots": SLOTS,
            }
        ),
        encoding="utf-8",
    )


def _build_sentence(start: int, length: int) -> str:
    return (
        " ".join(_WORDS[(start * 7 + at) % len(_WORDS)] for at in range(length)).capitalize() + "."
    )
