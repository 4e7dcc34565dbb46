"""What is true: the words of the ledger in pure Python, without Django, database or engine."""
