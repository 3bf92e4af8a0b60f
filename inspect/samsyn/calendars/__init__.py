"""Invitations, replies and feeds (iCalendar)."""
