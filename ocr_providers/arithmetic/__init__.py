"""The arithmetic of invoices and health reports: checks, findings, proposals. Pure: no ORM, no settings of its own."""

from ocr_providers.arithmetic.agreement import Agreement, Verdict, agreement, agreement_on_checksum, has_row_flags
from ocr_providers.arithmetic.capital_amounts import parse_amount_in_words
from ocr_providers.arithmetic.checks import invoice_checks
from ocr_providers.arithmetic.claim_rules import ClaimContext, OtherInvoice, check_claim
from ocr_providers.arithmetic.findings import Change, Check, Finding, Severity, State, Suggestion
from ocr_providers.arithmetic.flags import flag_invoice
from ocr_providers.arithmetic.health_rules import check_health_report
from ocr_providers.arithmetic.invoices import check_invoice
from ocr_providers.arithmetic.reading_rules import SURE
from ocr_providers.arithmetic.rules import DEFAULT_RULES, RULES, Rules, RuleSettings
from ocr_providers.arithmetic.thai_dates import parse_thai_date

__all__ = [
    "DEFAULT_RULES",
    "RULES",
    "SURE",
    "Agreement",
    "Change",
    "Check",
    "ClaimContext",
    "Finding",
    "OtherInvoice",
    "RuleSettings",
    "Rules",
    "Severity",
    "State",
    "Suggestion",
    "Verdict",
    "agreement",
    "agreement_on_checksum",
    "check_claim",
    "check_health_report",
    "check_invoice",
    "flag_invoice",
    "has_row_flags",
    "invoice_checks",
    "parse_amount_in_words",
    "parse_thai_date",
]
