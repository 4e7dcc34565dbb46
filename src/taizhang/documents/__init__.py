"""Documents: one tree, rendered as HTML with links, DOCX and PDF in GB/T 9704 layout, XLSX."""
