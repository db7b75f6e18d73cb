"""Django admin for every model of the desk."""

from claims.admin import desk_rules, documents, letters, people, plans, record, retention, rules, work

__all__ = ["desk_rules", "documents", "letters", "people", "plans", "record", "retention", "rules", "work"]
