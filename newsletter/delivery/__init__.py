"""All messages of an issue: who gets one, what a server says, and what follows from it."""
