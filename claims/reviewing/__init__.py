"""The state of the review screen, and who is looking at it."""
