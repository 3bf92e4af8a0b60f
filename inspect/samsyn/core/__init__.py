"""What every room stands on: settings, database, identity, queue, errors; knows nothing of the domain."""
