"""Real PostgreSQL, Valkey and a mailbox from wheels."""
