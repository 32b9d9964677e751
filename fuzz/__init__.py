"""Coverage-guided fuzzing of the X12 engine: `python -m fuzz --seconds 1800`, each target in turn.

What it finds is kept in out/fuzz/<target>/ and belongs, made small, into tests/faults/test_x12_fuzzed.py.
"""
