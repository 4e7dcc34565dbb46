"""The start page: units, figures with what stands behind them, documents; see README.md."""
