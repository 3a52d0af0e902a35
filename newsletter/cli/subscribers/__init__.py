"""`newsletter subscribers`: import, export and change the list of readers."""

from newsletter.cli.subscribers import export_command, import_command, one_subscriber
from newsletter.cli.subscribers.options import subscribers

__all__ = ["export_command", "import_command", "one_subscriber", "subscribers"]
