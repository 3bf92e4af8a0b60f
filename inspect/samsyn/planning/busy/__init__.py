"""A person's own calendar, read for when it says that they are taken: fetched and read in a process of its own."""
