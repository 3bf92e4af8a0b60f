"""Retention: rules per authority, holds that stop them, removal by a worker, and the protocol that stays (R19)."""
