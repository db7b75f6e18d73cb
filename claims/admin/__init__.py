"""Django admin for every model of the desk."""

from claims.admin import documents, letters, people, plans, record, retention, work

__all__ = ["documents", "letters", "people", "plans", "record", "retention", "work"]
