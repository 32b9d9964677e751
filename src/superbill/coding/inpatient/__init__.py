"""The inpatient stay: procedures by the axes of ICD-10-PCS, and what was present on admission.

Imports only downwards: codesets, reading and the suggestion's model.
"""
