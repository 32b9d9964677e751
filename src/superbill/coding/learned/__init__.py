"""What is learned from coded documents and from what coders accept, deterministically and without a library.

`training.trained` learns a dictionary and a ranker from coded documents of any language of Latin letters; `model` keeps
them as a file with their provenance. `acceptance` scores a note's candidates by a practice's own history.
"""
