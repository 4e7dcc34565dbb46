"""A record and what people do with it: list, page, revisions, review, evidence, export."""
