"""Measures, counting rules and the facts that a record states by them."""
