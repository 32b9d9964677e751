"""The pages keep nothing of their own: what they write belongs to the rooms of the app."""
