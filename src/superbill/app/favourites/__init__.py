"""Codes that a person, or the whole practice, keeps at hand, with a note beside them."""
