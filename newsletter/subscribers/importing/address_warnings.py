"""Addresses that are right and still worth a second look.

Likely typos, and addresses of a role, not a person.

They are only shown, never changed: someone may well be called that.
"""

from functools import lru_cache

from rapidfuzz.distance import OSA

from newsletter.i18n import Phrase

#: Mailbox names of offices and machines (RFC 2142, and what Swedish and German authorities use).
_ROLE_WORDS = """abuse admin administrator bestallning datenschutz diarium foretag hostmaster
    info infomail information kansli kontakt kommun kundtjanst lediga marketing
    mailer-daemon no-reply nobody noreply nyhetsbrev office poststelle postmaster
    press presse reception redaktion region registrator root sales security
    security-alert support webmaster"""
ROLE_LOCAL_PARTS = frozenset(_ROLE_WORDS.split())
#: Names of large mail providers, with the endings that they use.
_PROVIDER_TLDS = {
    "gmail": ("com",),
    "googlemail": ("com",),
    "hotmail": ("com", "se", "de", "fr", "no", "dk", "fi", "it", "es", "nl"),
    "outlook": ("com", "se", "de", "dk", "fr", "es", "it"),
    "icloud": ("com",),
    "yahoo": ("com", "se", "de", "no", "dk", "fr", "it", "es"),
    "telia": ("com",),
    "protonmail": ("com", "ch"),
    "comhem": ("se",),
    "bredband": ("net",),
}
#: Names that look like those and are others.
_LOOKALIKE_PROVIDERS = frozenset(
    ("mail", "email", "ymail", "gmx", "live", "outlook", "hotmail", "gmail")
)
_MISTYPED_TLDS = frozenset(
    ("con", "cmo", "comm", "co", "om", "cm", "vom", "xom", "coom", "ocm", "cpm", "see", "es", "ed")
)


def find_address_warning(email: str) -> Phrase | None:
    """Return why somebody should look at an address again, or None."""
    local, _, domain = email.rpartition("@")
    if (meant := _suggest_domain(domain.lower())) is not None:
        return Phrase(
            "{email}: is {domain} a typing error for {meant}?",
            email=email,
            domain=domain,
            meant=meant,
        )
    if local.lower() in ROLE_LOCAL_PARTS:
        return Phrase(
            "{email} belongs to an office, not to a person: whose consent is it?", email=email
        )
    return None


@lru_cache(maxsize=4096)
def _suggest_domain(domain: str) -> str | None:
    """Return the provider that a domain is one slip of the finger away from, or None."""
    label, _, ending = domain.rpartition(".")
    if label in _PROVIDER_TLDS:
        return (
            f"{label}.{_PROVIDER_TLDS[label][0]}"
            if ending in _MISTYPED_TLDS and ending not in _PROVIDER_TLDS[label]
            else None
        )
    if label in _LOOKALIKE_PROVIDERS or "." in label:
        return None
    for name, endings in _PROVIDER_TLDS.items():
        if (
            len(name) >= 5
            and OSA.distance(label, name, score_cutoff=1) == 1
            and (ending in endings or ending in _MISTYPED_TLDS)
        ):
            return f"{name}.{ending if ending in endings else endings[0]}"
    return None
