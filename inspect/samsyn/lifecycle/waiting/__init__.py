"""What waits for a person: everybody has one page of it."""
