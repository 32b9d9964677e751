"""Tables of inpatient procedures, by us; every code that they lead to is looked up in the release of the day."""
