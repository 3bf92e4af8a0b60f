"""The verifier: holds a plan against the hard rules H1-H9 of PLANNER.md and computes its objective anew.

It shares no code with what makes plans (a contract of import-linter) and reads the neutral formats as they lie in the
file, so a fault there cannot hide itself here. Plain and slow on purpose: a minute is looked at as a minute.
"""
