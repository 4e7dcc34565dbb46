"""Assessments: rounds under a filed plan number, decisions, published scores, appeals, sign-off."""
