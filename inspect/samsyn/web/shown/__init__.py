"""What the API shows: output models that more than one file of routes uses."""
