"""An instance as a whole: its folder and keys, opened, archived, put back, served."""
