"""Practices and their numbers."""
