"""A pledge's quarter or year: compiled of the counts, frozen, written beside, approved by its parties, published."""
