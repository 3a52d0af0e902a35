"""Recent posts, picked and summarised into a newsletter, sent to every reader once."""

__version__ = "0.1.0"
