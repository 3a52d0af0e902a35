"""How soon a change of an issue is seen in the browser."""
