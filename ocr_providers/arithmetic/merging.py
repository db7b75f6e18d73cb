"""One cause, one finding: those that accuse the same number become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ocr_providers.arithmetic.findings import Finding


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that propose the same value for the same cell, or nothing where another knows it, joined to one."""
    kept: list[Finding] = []
    for finding in findings:
        at = next((n for n, other in enumerate(kept) if _same_cause(other, finding)), None)
        if at is None:
            kept.append(finding)
        else:
            kept[at] = joined(kept[at], finding)
    return kept


def joined(first: Finding, second: Finding) -> Finding:
    """The first, for the rules of both, with the graver severity and the proposals that are there."""
    proposing = first if first.suggestions else second
    return replace(
        first,
        severity=min(first.severity, second.severity, key=lambda severity: severity.rank),
        paths=tuple(dict.fromkeys((*(proposing.paths[:1]), *first.paths))),
        suggestions=proposing.suggestions,
        checks=tuple(dict.fromkeys((*first.checks, *second.checks))),
    )


def _same_cause(first: Finding, second: Finding) -> bool:
    proposed = second.suggestions[0].changes if second.suggestions else ()
    if len(proposed) != 1:
        return False
    if first.suggestions:
        return first.suggestions[0].changes == proposed
    return second.best is not None and proposed[0].path in first.paths
