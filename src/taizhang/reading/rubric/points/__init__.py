"""Where the points of an old rubric stand: headings, tables, cards, and the sums that part them."""
