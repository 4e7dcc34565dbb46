"""Things 设施物件: numbers, names, places, due days, merges, stickers, read from records."""
