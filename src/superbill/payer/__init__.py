"""A simulated payer: it takes 837 files and answers with 999, 277CA and 835 files, as real payers do.

It is a simulation for tests, demonstrations and training. It is no payer's system, its rules are plausible rather
than any payer's own, and the names in its files are fictional or generic. Every answer is determined by the
configuration, its seed and the files that came in.
"""
