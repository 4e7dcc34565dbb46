"""The engine of figures: filtered aggregates from wherever the facts live, in that store's SQL."""
