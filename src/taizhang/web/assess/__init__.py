"""Assessments: what people decided where figures alone give no points."""
