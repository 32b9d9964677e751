"""Synthea's CSV export to charts."""
