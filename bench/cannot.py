"""What a row says when this machine lacks a program that it needs."""


class CannotRunError(Exception):
    """Raised by a row that cannot run here; its text is the reason."""
