"""Make newsletter/render/checks/caniemail/caniemail.json.gz from Can I email's data.

npm install caniemail, then: python docs/make_caniemail.py
node_modules/caniemail/data/caniemail.json
"""

import gzip
import json
import sys
from pathlib import Path

TARGET = (
    Path(__file__).parents[1]
    / "newsletter"
    / "render"
    / "checks"
    / "caniemail"
    / "caniemail.json.gz"
)
#: The clients that are told of, as the data names them.
CLIENTS = (
    "apple-mail",
    "gmail",
    "outlook",
    "yahoo",
    "samsung-email",
    "thunderbird",
    "protonmail",
    "gmx",
)


def main(source: Path) -> None:
    """Keep of each feature its title and the clients whose newest version lacks it."""
    read = json.loads(source.read_text("utf-8"))
    names, features = read["nicenames"], {}
    for feature in read["data"]:
        lacking = {
            client: _lacking(feature["stats"].get(client, {}), names["platform"])
            for client in CLIENTS
        }
        features[feature["slug"]] = {
            "title": feature["title"],
            "lacking": {client: where for client, where in lacking.items() if where is not None},
        }
    made = {
        "source": "https://www.caniemail.com, MIT licence",
        "date": read["last_update_date"][:10],
        "clients": {client: names["family"][client] for client in CLIENTS},
        "features": features,
    }
    TARGET.write_bytes(
        gzip.compress(json.dumps(made, ensure_ascii=False, sort_keys=True).encode("utf-8"), mtime=0)
    )
    print(f"{TARGET.name}: {len(features)} features, {TARGET.stat().st_size} bytes")


def _lacking(platforms: dict[str, dict[str, str]], names: dict[str, str]) -> list[str] | None:
    """Return the platforms that don't show a feature, [] for all of them, None for none."""
    found = sorted(
        names[platform] for platform, versions in platforms.items() if _newest(versions) == "n"
    )
    return ([] if len(found) == len(platforms) else found) if found else None


def _newest(versions: dict[str, str]) -> str:
    """Return "y", "a" (partly), "n" or "u" of the newest version.

    The data's order is that of time.
    """
    return next(reversed(versions.values()), "u").split()[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
