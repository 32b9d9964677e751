"""Manage: figures, rules, people."""
