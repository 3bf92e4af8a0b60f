"""Outcomes (proposed or decided) of what an authority found, and what it follows up; each in its own silo."""
