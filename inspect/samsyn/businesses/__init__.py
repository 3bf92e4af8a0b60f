"""Operators, premises, permits, registry numbers and their import."""
