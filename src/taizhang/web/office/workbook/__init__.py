"""Workbooks of other departments: kept, mapped, filled, frozen; the catalogue of their forms."""
