"""Words of the field: bilingual sentences, numbers, periods, flags, reasons, unit signs."""
