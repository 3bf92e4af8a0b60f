"""Who did what: append-only entries in the transaction that they describe."""
