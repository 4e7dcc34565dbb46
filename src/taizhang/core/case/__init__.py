"""Cases 事项: their fold of steps, owners, clocks, numbers, and the facts and rows they give."""
