"""The tree of units through time; see README.md."""
