"""Parcels: facts of a district for the level above, exported, listed and signed."""
