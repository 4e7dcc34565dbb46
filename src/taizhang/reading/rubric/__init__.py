"""Clean text → the rubric of an old assessment: points, rules, sums and defects."""
