"""A pack: one programme as a folder of data, loaded into one frozen value."""
