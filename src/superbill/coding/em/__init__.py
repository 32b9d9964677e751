"""The evaluation and management service of a note, by the CPT guidelines of 2021 (office) and 2023 (all others).

`level` in level.py is the door. What the note supports is gathered as elements, each with its span (problems.py,
data.py, risk.py); grid.py makes levels of them by rule alone; categories.py says from which family of codes the visit
is, time.py whether time gives more, preventive.py and management.py what has rules of its own.
"""
