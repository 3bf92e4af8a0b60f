"""Letters to a business in plain words: before an announced visit, and after a visit, each authority its own."""
