"""The use cases that cross rooms: gates, inviting, rescheduling, handing in."""
