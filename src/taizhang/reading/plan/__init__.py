"""Clean text → tasks of a plan, with due days and who does them."""
