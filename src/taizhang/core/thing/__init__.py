"""Things 设施物件: what records say of each through time, merged and split again, and counted."""
