"""Coding: visits, their notes and their codes."""
