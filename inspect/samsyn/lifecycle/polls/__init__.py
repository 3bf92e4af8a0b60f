"""Time polls: three to five proposals, held until the deadline, answered without an account, closed with the best."""
