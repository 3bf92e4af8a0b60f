"""Campaigns planned ahead: who visits which business when, over weeks and authorities (PLANNER.md)."""
