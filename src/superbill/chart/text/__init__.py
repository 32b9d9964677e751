"""Notes as files: plain text, RTF, HTML and C-CDA, each read to the text that a person sees.

`read_document` in document.py is the door. Headings, lists and tables keep their lines, so that the note can be taken
apart into sections afterwards.
"""
