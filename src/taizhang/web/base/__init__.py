"""What every app may use and what knows no app: requests, moments, memory, troubles, ways on."""
