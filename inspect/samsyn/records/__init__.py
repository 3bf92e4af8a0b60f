"""Records: requests to read official documents (TF 2 kap.), case numbers, and packages for the own diary."""
