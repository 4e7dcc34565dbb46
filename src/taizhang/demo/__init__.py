"""The demonstration instance: the real tree of 月湖区 with synthetic, plausible, imperfect records."""
