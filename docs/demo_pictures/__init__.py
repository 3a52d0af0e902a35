"""The pictures of the demo, drawn."""
