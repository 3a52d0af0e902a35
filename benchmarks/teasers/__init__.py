"""How good the teasers are, and how fast."""
