"""Samsyn: joint inspections between authorities."""
