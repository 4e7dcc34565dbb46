"""Installed packs, the quotas that were handed down, and which of them rule on a day."""
