"""The checks a pack must pass, one small function each."""
