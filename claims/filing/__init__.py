"""Documents as files: page pictures, duplicates, two papers side by side."""
