"""The clock: the only room in which simulated time passes and the only one that sees SimPy."""
