"""newsletter.toml and the environment → frozen Settings; all mistakes in one message."""

from newsletter.config.load import FILE_NAME, find, load
from newsletter.config.settings import Settings

__all__ = ["FILE_NAME", "Settings", "find", "load"]
