"""When an operation could be: its parts, people, places and meeting, put as one question to ``planning.slots``."""
