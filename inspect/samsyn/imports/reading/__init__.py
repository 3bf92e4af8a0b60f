"""From a table with headings of anybody's choice to typed rows, and every fault by row and column."""
