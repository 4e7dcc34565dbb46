"""What all rooms of old texts share: lines and blocks, messages, the time a file may take."""
