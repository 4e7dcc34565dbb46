"""The expression language of XLSForm: its compiler, its values, its messages."""
