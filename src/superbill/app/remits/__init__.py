"""Remittances."""
