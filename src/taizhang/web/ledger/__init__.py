"""Records, what they state (facts, month cube), entities, evidence and closings."""
