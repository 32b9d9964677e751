"""Patients' own pages: who comes in, what they may see, and what they do there."""
