"""What was read, for a person to accept, correct or reject: findings, decisions, draft packs."""
