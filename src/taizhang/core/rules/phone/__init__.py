"""Rules on what a phone can finish: whatever is accepted can be filled in, sent and stored."""
