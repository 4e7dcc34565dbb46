"""People who log in, their roles, where they may look, and the instance they share."""
