"""OpenRosa for phones: its XML answers, what every address shares, bodies in parts."""
