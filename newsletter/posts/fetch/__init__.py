"""Fetch: guarded HTTP that reaches no private address (SSRF), bounded in bytes and time."""
