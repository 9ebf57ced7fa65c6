"""Figures: pure functions from tables to plotly figures, captions and the tables behind them. No dash here."""
