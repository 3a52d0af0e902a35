"""Feeds: RSS, Atom, RDF, JSON Feed and WordPress exports, parsed in a process of their own."""
