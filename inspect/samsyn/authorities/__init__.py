"""Authorities, their units, and the collaborations that they signed."""
