"""The demonstration instance: the real tree of 月湖区 with made-up, imperfect records."""
