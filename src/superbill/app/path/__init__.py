"""The stages of the path over a database: each takes what is ready for it, in small transactions, until none is left.

A stage may be stopped anywhere and run again: what is finished is not done twice, what is not is done.
"""
