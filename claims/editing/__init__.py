"""Corrections and what follows from them: actions, findings, undo, history."""
