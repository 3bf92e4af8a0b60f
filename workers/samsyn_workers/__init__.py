"""The tasks that Celery runs for Samsyn; one file per capability."""
