"""Templates of packs: their head, sandbox, functions, placeholders, and who answers them."""
