"""A person's account: one's own, other people's, and the consent of a second administrator."""
