"""Guides of version 4010, which trading partners and archives still send: read, never written."""
