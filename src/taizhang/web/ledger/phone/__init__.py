"""Recording on the phone: a form for the page, what is known beforehand, what works offline."""
