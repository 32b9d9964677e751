"""Superbill: from the clinician's chart to correct codes, clean claims and reconciled money."""

__version__ = "0.1.0"
