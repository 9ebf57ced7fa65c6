"""Scenario files that ship with the twin: a baseline, and what-ifs that extend it."""
