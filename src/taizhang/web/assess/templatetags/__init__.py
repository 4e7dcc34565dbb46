"""Scores as a page writes them."""
