"""The aggregates that core asks of an engine, and the reference engine."""
