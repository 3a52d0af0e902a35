"""Pick posts, write their teasers, and keep the issue file."""
