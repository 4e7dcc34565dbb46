"""Examination of a pack before it is used: files, rules, templates and tests, under limits."""
