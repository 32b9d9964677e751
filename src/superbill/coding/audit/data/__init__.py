"""The tables of the audits."""
