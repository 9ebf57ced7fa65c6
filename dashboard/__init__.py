"""The dashboard: figures and a report, pure from tables; pages and callbacks around them."""
