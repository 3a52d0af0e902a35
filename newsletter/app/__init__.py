"""A newsletter opened from its settings.

The only place that knows which database, theme and mail server are in use.
"""

from newsletter.app.workspace import Workspace, open_workspace

__all__ = ["Workspace", "open_workspace"]
