"""`newsletter subscribers`: import, export and change the list of readers."""

from newsletter.cli.subscribers import bringing, giving, people
from newsletter.cli.subscribers.group import subscribers

__all__ = ["bringing", "giving", "people", "subscribers"]
