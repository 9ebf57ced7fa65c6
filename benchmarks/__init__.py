"""Timed figures: ``python -m benchmarks.NAME`` prints one JSON object with a ratio. Benchmarks are never tests."""
