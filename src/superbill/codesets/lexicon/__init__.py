"""Superbill's own clinical lexicon: how clinicians and patients say what the ICD-10-CM index says in other words."""
