"""How fast letters go out, beside the peers and beside the limit."""
