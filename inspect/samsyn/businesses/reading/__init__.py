"""Reading lists of businesses as Swedish offices write them: bytes to a table, a table to typed rows and faults."""
