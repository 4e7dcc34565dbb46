"""Amounts, bounds, times, people in running text, each with its place."""
