"""Hot spots: named places with a history, shared by a collaboration."""
