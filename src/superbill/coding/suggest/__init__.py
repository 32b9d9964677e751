"""From a reading to codes: which mentions are reportable, with what specificity, in what company and sequence.

`suggest` in engine.py is the door; every code comes with its evidence, the path that led to it, and its guideline.
"""
