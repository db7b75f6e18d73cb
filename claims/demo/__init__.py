"""Invented people, documents and a believable department: for the demo, the painter and the tests. Plain Python."""
