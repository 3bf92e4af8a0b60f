"""Common times as sets of quarters of an hour: which starts suit everybody, who stands in the way, what would help."""
