"""Compiled per business, rendered per reader."""
