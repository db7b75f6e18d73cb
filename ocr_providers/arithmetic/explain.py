"""From identities that fail to findings: one cause, one finding, with its proposals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ocr_providers.arithmetic import paths
from ocr_providers.arithmetic.completeness import missing_lines
from ocr_providers.arithmetic.findings import CLEAR_SHARE, Finding, Severity, Suggestion
from ocr_providers.arithmetic.identities import Equations, Identity, Truth
from ocr_providers.arithmetic.merging import merged
from ocr_providers.arithmetic.money import CENT
from ocr_providers.arithmetic.proposals import Cause, causes
from ocr_providers.arithmetic.repair import NONE_OF_THESE, Hypothesis, Search
from ocr_providers.arithmetic.rules import Rules, setting
from ocr_providers.arithmetic.sentences import sentence
from ocr_providers.arithmetic.structure import level_repairs, structural_repairs
from ocr_providers.arithmetic.usual import is_of_contract
from ocr_providers.results import Invoice


def findings_of(invoice: Invoice, equations: Equations, rules: Rules) -> list[Finding]:
    """All arithmetic findings of an invoice: faults first, then doubts that a single slip of the reader explains."""
    truths = equations.truths()
    if all(truth is Truth.EXACT for truth in truths.values()):
        return []
    search = Search(equations)
    failing = [identity for identity, truth in truths.items() if not truth and identity.is_fault(equations.cells)]
    found: list[Finding] = []
    explained: set[Identity] = set(failing)
    for group in components(failing):
        made, mended = _faults(group, search, invoice, rules)
        found += made
        explained |= mended
    search = _mended(found, search)
    doubtful = [item for item, truth in search.truth.items() if truth is not Truth.EXACT and item not in explained]
    for group in components(doubtful):
        found += doubts(group, search, invoice, rules)
    return merged(found)


def _mended(found: Iterable[Finding], search: Search) -> Search:
    """Doubts are judged by the numbers as they will be when what is clear has been corrected."""
    best = [change for finding in found if finding.best for change in finding.best.changes]
    cells = {change.path: change.value for change in best if isinstance(change.value, Decimal)}
    return search.corrected(cells) if cells else search


def _faults(
    group: Sequence[Identity], search: Search, invoice: Invoice, rules: Rules
) -> tuple[list[Finding], set[Identity]]:
    """The findings of one group, and the identities that their proposals would mend."""
    hypotheses = search.explain(group)
    misread = _is_misread(hypotheses, search)
    structure = structural_repairs(invoice, search.equations, group, rules, only_duplicates=misread)
    if structure:
        found = [Cause(tuple(group), tuple(change.path for change in structure[0].changes), structure)]
    elif not misread and (missing := missing_lines(group, search, invoice)):
        return [missing], set(group)
    else:
        found = causes(hypotheses, search) or _separate(group, search)
    findings = [finding for cause in found for finding in _findings(cause, search, rules)]
    return findings, {identity for cause in found for identity in cause.broken}


def _is_misread(hypotheses: Sequence[Hypothesis], search: Search) -> bool:
    """The best explanation is a usual slip in each number, no mere calculation."""
    return bool(hypotheses) and search.is_slip(hypotheses[0].changes)


def components(identities: Iterable[Identity]) -> list[list[Identity]]:
    """Groups of identities that share cells, directly or through each other.

    Categories that do not fit their lines belong together: a line may stand in the wrong one.
    """
    group_of: dict[str, _Group] = {}
    for identity in identities:
        touched = {*identity.paths, *(["categories"] if identity.code == "INV-CAT-DET" else [])}
        joined = list(dict.fromkeys(group_of[path] for path in sorted(touched) if path in group_of))
        home = max(joined, key=lambda group: len(group.cells), default=None) or _Group()
        for other in joined:
            if other is not home:
                home.cells |= other.cells
                home.members += other.members
                group_of |= dict.fromkeys(other.cells, home)
        home.cells |= touched
        home.members.append(identity)
        group_of |= dict.fromkeys(touched, home)
    return [group.members for group in dict.fromkeys(group_of.values())]


@dataclass(eq=False, slots=True)
class _Group:
    cells: set[str] = field(default_factory=set)
    members: list[Identity] = field(default_factory=list)


def _separate(group: Sequence[Identity], search: Search) -> list[Cause]:
    """Without an explanation: together only what one wrong cell could break, the same way."""
    parts: list[list[Identity]] = []
    for identity in sorted(group, key=_closeness):
        home = next((part for part in parts if _common(part, identity, search)), None)
        if home is None:
            parts.append([identity])
        else:
            home.append(identity)
    return [Cause(tuple(part), (), ()) for part in parts]


def _common(part: Sequence[Identity], identity: Identity, search: Search) -> bool:
    shared = set(identity.paths).intersection(*(member.paths for member in part)) - search.fixed
    return any(
        set(part[0].solve(path, search.cells)).intersection(identity.solve(path, search.cells)) for path in shared
    )


def _closeness(identity: Identity) -> tuple[bool, int, str]:
    """Order of identities from the most particular: a line before a table, few cells before many."""
    return not identity.code.startswith("LIN-"), len(identity.paths), identity.code


def doubts(group: Sequence[Identity], search: Search, invoice: Invoice, rules: Rules) -> Iterator[Finding]:
    """Findings about identities that are soft, or off by no more than rounding."""
    if all(identity.code == "LIN-PRICE" for identity in group) and _has_others_like(group[0], search):
        return  # rounded unit prices: nothing to remark
    cause = _one_slip(group, search)
    if cause:
        yield from _findings(cause, search, rules, _doubt_severity(cause, search))
    elif len(group) > 1:
        for identity in group:
            yield from doubts([identity], search, invoice, rules)
    elif search.truth[group[0]] is Truth.FALSE and group[0].code in OUTRIGHT:
        yield _unexplained(group[0], search, invoice, rules)


def _has_others_like(product: Identity, search: Search) -> bool:
    """Other lines are near as well, or are too few to tell that prices are exact on this form."""
    exact, all_lines = search.exact[product.code], search.count[product.code]
    return exact < FEWEST_EXACT or exact < all_lines - 1


FEWEST_EXACT = 4
"""Fewer exact products show no habit."""


def _unexplained(identity: Identity, search: Search, invoice: Invoice, rules: Rules) -> Finding:
    """A remark; a warning when one level, read as another, explains the sums of the classes."""
    levels = level_repairs(invoice, rules) if identity.code in ("INV-CLASSB", "INV-CLASSC") else ()
    suspects = tuple(change.path for item in levels for change in item.changes)
    severity = None if len(levels) == 1 else Severity.INFO
    found = _finding(Cause((identity,), suspects, levels), search, rules, severity)
    return replace(found, paths=(*suspects, *found.paths), suggestions=levels)


LIKELY_TOGETHER = 0.5
"""Candidates that together are less likely than something else are not shown."""
OTHER_REASONS = 2.8
"""Score of "none of these" where one doubtful equation stands alone: a payment that is not printed, however many sums
it is missing from."""
PRICE_LIMIT = 4.6
"""Likewise for a self-pay over its share. The more lines keep to their share, the less likely is a price limit."""
OTHER_LIMITS = 1.5
"""More likely where another line is over its share, too."""
ROUNDED_UNIT_PRICE = 2.0
"""Likewise for the only price that is near its product and not at it."""
OUTRIGHT = frozenset({"LIN-SELFPAY", "INV-CLASSB", "INV-CLASSC"})
"""Soft rules whose failure is worth a remark even if no slip explains it."""


def _one_slip(group: Sequence[Identity], search: Search) -> Cause | None:
    """The one plausible misreading of one number that makes the whole group exact."""
    slips = [item for item in search.explain(group, most=1) if search.is_slip(item.changes)]
    exact = [item for item in slips if search.mended(item.changes).issuperset(group)]
    alone = len(group) == 1 or all(identity.open_ended for identity in group)
    found = causes(exact, search, _other_reasons(group, search) if alone else NONE_OF_THESE)
    if not found or not found[0].suggestions:
        return None
    clear = found[0].suggestions[0].share >= CLEAR_SHARE
    return found[0] if clear or not (alone and group[0].code == "LIN-SELFPAY") else None


def _other_reasons(group: Sequence[Identity], search: Search) -> float:
    """Score of "none of these" for a group that nothing else confirms."""
    if group[0].code == "LIN-PRICE":
        return ROUNDED_UNIT_PRICE - math.log(search.count["LIN-PRICE"])
    if group[0].code != "LIN-SELFPAY":
        return OTHER_REASONS
    shares = [identity for identity in search.truth if identity.code == "LIN-SELFPAY" and _is_partial(identity, search)]
    keeping = sum(search.truth[identity] is Truth.EXACT for identity in shares)
    over = len(shares) - keeping - 1
    return PRICE_LIMIT - math.log1p(keeping) + (OTHER_LIMITS if over > 0 else 0.0)


def _is_partial(identity: Identity, search: Search) -> bool:
    return any(path.endswith("/selfpay_ratio") and 0 < search.cells[path] < 1 for path in identity.paths)


def _doubt_severity(cause: Cause, search: Search) -> Severity | None:
    """A remark, unless several identities agree or two numbers that should be equal look alike (`None`: the rule's)."""
    clear = cause.suggestions[0].share >= CLEAR_SHARE
    most = max(abs(identity.residual(search.cells)) for identity in cause.broken)
    together = len(cause.broken) > 2 or (len(cause.broken) == 2 and most > CENT)
    agreed = together and not all(identity.open_ended for identity in cause.broken)
    # What the person paid in all is the total, unless a fund paid: then its name would be there.
    first = cause.broken[0]
    pair = len(first.paths) == 2 or first.code == "LIN-SELFPAY"
    uncertain = first.open_ended and not (first.code == "PAY-PERSON" and paths.TOTAL in first.paths)
    alone = pair and search.truth[first] is Truth.FALSE and not uncertain
    odd = any(search.habits.has_odd_decimals(path) for path in cause.suspects)
    return None if clear and (agreed or odd or (alone and not _is_derived(cause))) else Severity.INFO


def _is_derived(cause: Cause) -> bool:
    """The proposed ratio is none of a contract: a price limit makes such ones, too."""
    changes = {change.path: change.value for item in cause.suggestions for change in item.changes}
    ratios = [value for path, value in changes.items() if path.endswith("/selfpay_ratio")]
    return any(isinstance(ratio, Decimal) and not is_of_contract(ratio) for ratio in ratios)


def _findings(cause: Cause, search: Search, rules: Rules, severity: Severity | None = None) -> Iterator[Finding]:
    """One finding for each suspected cell, all with the proposals of their common cause."""
    for suspect in cause.suspects:
        broken = tuple(identity for identity in cause.broken if suspect in identity.paths)
        if broken:
            yield _finding(Cause(broken, (suspect,), cause.suggestions), search, rules, severity)
    if not any(suspect in identity.paths for identity in cause.broken for suspect in cause.suspects):
        yield _finding(cause, search, rules, severity)


def _finding(cause: Cause, search: Search, rules: Rules, severity: Severity | None = None) -> Finding:
    first = min(cause.broken, key=_closeness)
    shared = [path for path in first.paths if all(path in identity.paths for identity in cause.broken)]
    concerned = tuple(dict.fromkeys((*cause.suspects, *(shared or first.paths))))
    codes = tuple(dict.fromkeys((first.code, *sorted(identity.code for identity in cause.broken))))
    template, values = sentence(first, search.read)
    return Finding(
        code=first.code,
        severity=severity or min((setting(rules, code).severity for code in codes), key=lambda item: item.rank),
        paths=concerned,
        template=template,
        values=values,
        suggestions=_worth_showing(cause.suggestions, concerned),
        checks=codes,
    )


def _worth_showing(suggestions: tuple[Suggestion, ...], concerned: tuple[str, ...]) -> tuple[Suggestion, ...]:
    """One that stands out, or candidates that narrow down where to look; anything less would be a guess."""
    if not suggestions or suggestions[0].share >= CLEAR_SHARE:
        return suggestions
    cells = {change.path for item in suggestions for change in item.changes}
    likely = sum(item.share for item in suggestions) >= LIKELY_TOGETHER
    return suggestions if likely and 2 * len(cells) <= len(concerned) else ()
