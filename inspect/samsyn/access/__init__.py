"""Persons, their place in an authority, sign-in and tokens."""
