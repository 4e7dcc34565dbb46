"""The hash-chained log of every write; see README.md."""
