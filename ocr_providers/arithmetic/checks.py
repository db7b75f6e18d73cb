"""Every equation of an invoice with what it came to: passed, failed, cannot be checked (and for want of what), or not
meant for this form."""

from __future__ import annotations

from collections.abc import Container, Iterator

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.findings import Check, State
from ocr_providers.arithmetic.identities import Equations, Identity, Truth
from ocr_providers.arithmetic.invoice_identities import equations_of
from ocr_providers.arithmetic.messages import gettext_noop
from ocr_providers.arithmetic.rules import DEFAULT_RULES, Rules, setting
from ocr_providers.arithmetic.sentences import sentence
from ocr_providers.arithmetic.vocabulary import is_uninsured
from ocr_providers.results import Invoice, LineItem

NO_CATEGORIES = gettext_noop("No categories are printed or were read")
NO_LINES = gettext_noop("No lines are printed or were read")
NO_PAYMENTS = gettext_noop("The payments that this sum needs are not printed or were not read")
NO_LEVELS = gettext_noop("Levels or self-pay of some lines, or the sum in the head, are not printed or were not read")
NO_CAPITALS = gettext_noop("The amount in capitals is not printed or was not understood")
INCOMPLETE = gettext_noop("A part of this sum may not be printed")
UNINSURED = gettext_noop("The patient is not insured: everything is self-paid, classes do not matter")
MISSING = gettext_noop("Line %(line)s: a number is missing")

TABLE_RULES = {
    "INV-TOTAL-DET": ((paths.TOTAL, paths.LINES), NO_LINES),
    "INV-TOTAL-CAT": ((paths.TOTAL, paths.CATEGORIES), NO_CATEGORIES),
    "INV-CAT-DET": ((paths.CATEGORIES, paths.LINES), NO_CATEGORIES),
    "INV-CN-UPPER": ((paths.TOTAL, paths.TOTAL_IN_WORDS), NO_CAPITALS),
    "INV-CLASSB": ((paths.PAYMENTS, paths.LINES), NO_LEVELS),
    "INV-CLASSC": ((paths.PAYMENTS, paths.LINES), NO_LEVELS),
    "PAY-PART": ((paths.TOTAL, paths.PAYMENTS), NO_PAYMENTS),
    "PAY-CHAN": ((paths.TOTAL, paths.PAYMENTS), NO_PAYMENTS),
    "PAY-PERSON": ((paths.PAYMENTS,), NO_PAYMENTS),
}
LINE_RULES = {"LIN-PRICE": ("amount", "unit_price", "price"), "LIN-SELFPAY": ("price", "selfpay_ratio", "selfpay")}
COLUMNS = {"amount": "quantity"}


def invoice_checks(invoice: Invoice, rules: Rules = DEFAULT_RULES) -> tuple[Check, ...]:
    """All equations of the rules in force, lines first."""
    equations = equations_of(invoice, rules)
    done = [_check(identity, equations) for identity in equations.identities]
    present = {check.code for check in done}
    tables = (_unchecked(code, invoice) for code in TABLE_RULES if code not in present and setting(rules, code).enabled)
    return (*done, *_lines(invoice, rules), *tables)


def judged(equations: Equations, codes: Container[str] = DEFAULT_RULES) -> Iterator[tuple[Identity, State]]:
    """The equations of these rules that pass or fail."""
    for identity in equations.identities:
        if identity.code in codes and (state := _state(identity, equations)) is not State.UNKNOWN:
            yield identity, state


def _check(identity: Identity, equations: Equations) -> Check:
    state = _state(identity, equations)
    if state is State.UNKNOWN:
        return Check(code=identity.code, state=state, paths=identity.paths, template=INCOMPLETE)
    template, values = sentence(identity, equations.cells)
    return Check(code=identity.code, state=state, paths=identity.paths, template=template, values=values)


def _state(identity: Identity, equations: Equations) -> State:
    if equations.truths()[identity] is not Truth.FALSE:
        return State.PASSED
    unclear = identity.code.startswith("PAY-") and not identity.is_fault(equations.cells)
    return State.UNKNOWN if unclear else State.FAILED


def _lines(invoice: Invoice, rules: Rules) -> Iterator[Check]:
    for code, names in LINE_RULES.items():
        if setting(rules, code).enabled:
            for index, item in enumerate(invoice.line_items):
                wants = tuple(paths.line(index, name) for name in names if _missing(item, name))
                if wants:
                    yield Check(
                        code=code, state=State.UNKNOWN, wants=wants, template=MISSING, values={"line": str(index + 1)}
                    )


def _missing(item: LineItem, name: str) -> bool:
    return getattr(item, COLUMNS.get(name, name)) is None


def _unchecked(code: str, invoice: Invoice) -> Check:
    if code in ("INV-CLASSB", "INV-CLASSC") and is_uninsured(invoice.medical_insurance_type):
        return Check(code=code, state=State.NOT_APPLICABLE, template=UNINSURED)
    wants, template = TABLE_RULES[code]
    return Check(code=code, state=State.UNKNOWN, wants=wants, template=template)
