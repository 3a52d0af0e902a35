"""What comes back by mail: so far, readers who leave by it."""
