"""Units through time: the tree of one day, its dated changes, checks, files."""
