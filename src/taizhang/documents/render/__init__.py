"""Renderers: a document tree as HTML, DOCX, PDF, XLSX or plain text."""
