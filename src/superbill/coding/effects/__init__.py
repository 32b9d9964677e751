"""What codes change: the group of a stay, the risk score of a year, the payment status of a service.

It is told after coding, and never used to choose a code: nothing in coding imports this room.
"""
