"""Summarise: the whole sentences that a teaser shows of a post."""
