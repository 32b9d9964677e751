"""Every way to say what an ICD-10-CM code stands for, as one table of word sequences: what reading a note looks up.

`build` makes the file beside the releases, once for a release and lexicon; `lookup` opens it. Search (codesets/search)
answers what somebody types, with all its gaps; this answers thousands of times a second whether these very words are a
term.
"""
