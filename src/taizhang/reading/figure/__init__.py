"""Clean text → figures: what was counted, with checks over them."""
