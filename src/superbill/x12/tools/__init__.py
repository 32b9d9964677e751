"""Tools for people who work with X12 files: show, JSON, tables, split and merge, compare, redact, count.

Each is a function from a source or a tree to a tree, rows or text; the command line (superbill.cli.x12) only reads
files, calls them, and prints. None of them knows a transaction set: what they know of one is in small tables.
"""
