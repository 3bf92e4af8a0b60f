"""What was promised to the citizens, counted."""
