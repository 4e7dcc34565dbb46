"""The wall: what a pack must never ask, count, score or print, and the lexicon of its words."""
