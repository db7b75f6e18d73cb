"""Decisions: what is payable and why, who else must agree, what passes straight through."""
