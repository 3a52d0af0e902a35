"""Find the files that come with the program: templates in a wheel, or in a checkout."""

from importlib.resources import files
from pathlib import Path


def find_stock_templates() -> Path:
    """Return the folder of the stock templates.

    `newsletter/_templates` in a wheel, `templates/` in a checkout.

    An editable install may hold an old copy beside itself, so a checkout's own folder is asked
    first.
    """
    checkout = Path(__file__).resolve().parent.parent / "templates"
    if (checkout / "themes").is_dir() and (checkout.parent / "pyproject.toml").is_file():
        return checkout
    return Path(str(files("newsletter") / "_templates"))
