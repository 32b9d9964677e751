"""Services of ambulatory care that a note says were done: which, how many, where, and by whose hand.

`performed` in find.py is the door. words.py finds what is named (data/services.yaml and its neighbours), status.py
judges whether it was done here today, the modules of a family (imaging, injections, lesions, limbs, timed, vaccines)
choose among its codes by site, size, count or minutes, and settle.py makes claim lines of what was found.
The words are our own; code numbers stand without any descriptor of their publisher.
"""
