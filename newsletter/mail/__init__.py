"""One message: who it goes to, what its headers say, and its bytes."""
