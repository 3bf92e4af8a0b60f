"""The report of one operation: the sum of what its reader's dossiers say of it, in numbers and visit by visit."""
