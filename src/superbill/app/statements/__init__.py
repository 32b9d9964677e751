"""Statements: what guarantors are asked to pay, how they get it, and what stops it."""
