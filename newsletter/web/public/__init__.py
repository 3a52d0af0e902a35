"""The public pages: unsubscribe, sign up, preferences, archive; run by `newsletter serve`."""
