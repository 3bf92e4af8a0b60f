"""What one person asks for and another of the same authority decides."""
