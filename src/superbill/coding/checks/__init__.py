"""Checks of coded diagnoses that cite their note or guideline: `check(coded, store)`.

One module for each family of rules; `FAMILIES` lists them in the order in which people read the findings.
"""
