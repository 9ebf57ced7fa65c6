"""How quick the dashboard is for one person on every page, and whether many at once and many runs do it harm.

``python -m benchmarks.dashboard`` starts the real server and drives it: with Chromium as one person on every page, with
ten HTTP clients at the same moment, with fifty users who queue, then with runs one after the other while it watches
the memory. How far it is it says on stderr; it ends after some five minutes and prints one JSON object: ``ratio`` is
the worst of measured over allowed, ``faults`` what was wrong.
"""
