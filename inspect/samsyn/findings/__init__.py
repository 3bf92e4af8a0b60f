"""Checklists, findings, evidence and common facts."""
