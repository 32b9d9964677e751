"""Reading a clinical note: its sections, its sentences, what is mentioned and in which context.

`read` is the door. Nothing here decides a code: a Mention says which codes its words start from, whether it is denied,
uncertain, past, planned or someone else's, and what is said of side, acuity and so on. `coding/suggest` decides.
"""
