"""Preclinical Twin: a simulation model of a preclinical imaging facility."""

__version__ = "0.1.0"
