"""The record: claims, documents, readings, working values, findings, corrections, decisions, log, jobs."""

from claims.models.claim import Claim, Note
from claims.models.correction import Correction
from claims.models.decision import Decision, DecisionLine
from claims.models.document import Document, Duplicate, Page, Presence, Reading
from claims.models.finding import Finding
from claims.models.job import Job
from claims.models.log import LogEntry, LogHead
from claims.models.people import Role, RoleRule, User
from claims.models.policy import Plan, Policy
from claims.models.rules import RuleSetting
from claims.models.search import SearchText
from claims.models.values import CostCategory, HealthValue, InvoiceHeader, LineItem, Payment

__all__ = [
    "Claim",
    "Correction",
    "CostCategory",
    "Decision",
    "DecisionLine",
    "Document",
    "Duplicate",
    "Finding",
    "HealthValue",
    "InvoiceHeader",
    "Job",
    "LineItem",
    "LogEntry",
    "LogHead",
    "Note",
    "Page",
    "Payment",
    "Plan",
    "Policy",
    "Presence",
    "Reading",
    "Role",
    "RoleRule",
    "RuleSetting",
    "SearchText",
    "User",
]
