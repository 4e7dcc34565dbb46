"""Scoring clauses of an old rubric → rules: awards, deductions, tiers."""
