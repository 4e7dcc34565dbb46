"""The host's own pages: set-up, units, packs, settings, the audit log, complaints."""
