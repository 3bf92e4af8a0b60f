"""Test purchases (kontrollköp): records of their own; no deficiency and no outcome rests on one (LTLP 7:22-23)."""
