"""The own authority's places in coming operations: what is wanted, who goes, who could."""
