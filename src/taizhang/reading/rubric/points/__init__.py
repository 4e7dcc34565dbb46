"""Where the points of an old rubric stand: headings, tables, cards, and the sums that tell them apart."""
