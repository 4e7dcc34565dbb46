"""Logging in: wrong passwords that lock a name, how long a session holds."""
