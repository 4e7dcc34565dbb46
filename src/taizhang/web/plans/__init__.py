"""The plan on pages: progress, quotas handed down, the calendar, burden, months to close."""
