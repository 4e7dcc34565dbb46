"""What other programs exchange with the ledger: OpenRosa for phones, iCal for calendars."""
