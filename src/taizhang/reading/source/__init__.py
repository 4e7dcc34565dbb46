"""Files → raw lines: encodings, formats, damaged bytes, limits."""
