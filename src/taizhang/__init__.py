"""Taizhang 台账: record community work once, read every plan, figure and document from it."""

__version__ = "0.1.0"
