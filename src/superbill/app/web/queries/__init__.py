"""Rows as the pages show them, in a handful of statements whatever their number, always inside a scope."""
