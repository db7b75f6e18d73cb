"""What the reviewer sees and edits: cells, their sources, rows of an answer. Bottom of the house."""
