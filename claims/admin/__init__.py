"""Django admin for every model of the desk."""

from claims.admin import documents, people, plans, record, rules, work

__all__ = ["documents", "people", "plans", "record", "rules", "work"]
