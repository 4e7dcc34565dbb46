"""The way in of a record: read, validate, resolve against what is stored, persist; one action."""
