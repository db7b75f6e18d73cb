"""When a process of the desk looks for garbage: what it loaded is frozen, and what it makes is mostly no garbage."""

from __future__ import annotations

IS_DUE = (50_000, 20, 50)
"""For `gc.set_threshold`: new objects, of which a long document makes 40 000; searches of the new ones; searches of the
middle-aged ones."""
