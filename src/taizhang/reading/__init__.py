"""Old texts in: plans, summaries, self-checks, rubrics and notices become data with places."""
