"""Packs of rules at work in a practice: which version counts, who activated it, and what its replay had said."""
