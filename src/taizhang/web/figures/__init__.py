"""Figures on pages: those of a programme, one with the records behind it, what a page is asked."""
