"""newsletter.toml and the environment → frozen Settings; all mistakes in one message."""

from newsletter.config.load import FILE_NAME, find_settings_file, load_settings
from newsletter.config.settings import Settings

__all__ = ["FILE_NAME", "Settings", "find_settings_file", "load_settings"]
