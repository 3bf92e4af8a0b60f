"""Lists that offices send: begun as a draft of one person, looked at, mended cell by cell, written at the end."""
