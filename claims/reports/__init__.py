"""What the desk has done, in figures: tables with the charts drawn from them, each with a fixed number of queries."""
