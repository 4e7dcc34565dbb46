"""Documents drafted, frozen and exported; old texts reviewed."""
