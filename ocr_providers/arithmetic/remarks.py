"""How a rule that is no equation says what it found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ocr_providers.arithmetic.findings import Change, Finding, Severity, Suggestion, Value
from ocr_providers.arithmetic.rules import DEFAULT_RULES, Rules, setting


def remark(
    code: str,
    paths: Iterable[str],
    template: str,
    values: Mapping[str, object] | None = None,
    *,
    severity: Severity | None = None,
    suggestions: tuple[Suggestion, ...] = (),
) -> Finding:
    """A finding of one rule, with the rule's own severity unless another is given."""
    return Finding(
        code=code,
        severity=severity or DEFAULT_RULES[code].severity,
        paths=tuple(paths),
        template=template,
        values={name: str(value) for name, value in (values or {}).items()},
        suggestions=suggestions,
        checks=(code,),
    )


def propose(path: str, *values: Value) -> tuple[Suggestion, ...]:
    """Proposals for one cell; several are equally likely."""
    return tuple(Suggestion((Change(path, value),), 1, 1 / len(values)) for value in values)


def configured(findings: Iterable[Finding], rules: Rules) -> list[Finding]:
    """Without rules that are switched off, and with severities as an administrator set them.

    A finding that its rule already plays down to information stays so.
    """
    return [_configured(finding, rules) for finding in findings if setting(rules, finding.code).enabled]


def _configured(finding: Finding, rules: Rules) -> Finding:
    wanted = setting(rules, finding.code).severity
    usual = DEFAULT_RULES[finding.code].severity
    if wanted is usual or (finding.severity is Severity.INFO and usual is not Severity.INFO):
        return finding
    return with_severity(finding, wanted)


def with_severity(finding: Finding, severity: Severity, *also: str) -> Finding:
    """The same finding, at this severity, for these further checks."""
    return Finding(
        code=finding.code,
        severity=severity,
        paths=finding.paths,
        template=finding.template,
        values=finding.values,
        suggestions=finding.suggestions,
        checks=tuple(dict.fromkeys((*finding.checks, *also))),
    )
