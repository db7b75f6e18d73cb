"""The record: claims, documents, readings, working values, findings, corrections, decisions, log, jobs."""

from claims.models.claim import Claim, Note
from claims.models.correction import Correction
from claims.models.decision import Decision, DecisionLine
from claims.models.desk_rules import AssignmentRule, SampleDraw, SecondReviewRule, StraightThroughRule
from claims.models.document import Document, Duplicate, Page, Presence, Reading
from claims.models.finding import Finding
from claims.models.job import Job
from claims.models.letter import Letter, LetterHead, LetterLanguage
from claims.models.log import LogEntry, LogHead
from claims.models.lookups import OneOf
from claims.models.move import Move
from claims.models.papers import Paper, PaperRequest
from claims.models.people import Role, RoleRule, User
from claims.models.policy import Plan, Policy
from claims.models.queue_view import QueueView
from claims.models.retention import Erasure, LegalHold, TimeLimit
from claims.models.rules import RuleSetting
from claims.models.search import SearchText
from claims.models.values import CostCategory, HealthValue, InvoiceHeader, LineItem, Payment
from claims.models.webhook import WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = [
    "AssignmentRule",
    "Claim",
    "Correction",
    "CostCategory",
    "Decision",
    "DecisionLine",
    "Document",
    "Duplicate",
    "Erasure",
    "Finding",
    "HealthValue",
    "InvoiceHeader",
    "Job",
    "LegalHold",
    "Letter",
    "LetterHead",
    "LetterLanguage",
    "LineItem",
    "LogEntry",
    "LogHead",
    "Move",
    "Note",
    "OneOf",
    "Page",
    "Paper",
    "PaperRequest",
    "Payment",
    "Plan",
    "Policy",
    "Presence",
    "QueueView",
    "Reading",
    "Role",
    "RoleRule",
    "RuleSetting",
    "SampleDraw",
    "SearchText",
    "SecondReviewRule",
    "StraightThroughRule",
    "TimeLimit",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
