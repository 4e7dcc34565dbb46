"""A department's own workbook: its cells filled from the ledger, everything else left as it is."""
