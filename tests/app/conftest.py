"""Newsletters: one with pages and a mail server that keeps what it takes, one with few settings."""

from tests.app.newsletter_app import newsletter_app, open_newsletter_app, recording_server
from tests.app.workspace_folder import open_in_folder

__all__ = ["newsletter_app", "open_in_folder", "open_newsletter_app", "recording_server"]
