"""Audits coders: which codings to look at, how two codings of one visit differ and why, what that is in figures, money
and lessons. Pure: codings come in, figures go out."""
