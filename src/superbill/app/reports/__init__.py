"""Figures over everything."""
