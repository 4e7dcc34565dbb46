"""The ground of core: issues, quantities, periods, figures, rounding, and what people type."""
