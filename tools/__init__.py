"""Scripts of ours, run by hand: ``python -m tools.NAME``."""
