"""The patients' own pages."""
