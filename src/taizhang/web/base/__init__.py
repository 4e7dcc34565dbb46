"""Ground that every app of the web stands on and that knows no app."""
