"""When people can: working hours, leave, busy times; templates that plans begin from."""
