"""What to ask the provider where a note falls short: `ask` in asking.py.

A query never leads: it gives what the note says, asks an open question, and its choices are clinically possible ones
that always leave "other" and "unable to determine" open; it never speaks of payment (AHIMA/ACDIS, Guidelines for
Achieving a Compliant Query Practice, 2022).
"""
