"""What happens to a claim when it is ready for review: it passes by itself, or finds its person.

A job, enqueued in the transaction that made the claim ready: a worker that is killed in between loses nothing. A desk
without such rules has no such jobs.
"""

from __future__ import annotations

from collections.abc import Mapping

from claims import guards
from claims.assigning import assignment_rules
from claims.deciding import straight_through
from claims.models import Claim, Job
from claims.processing import jobs

ROUTE = "route-claim"


def enqueue(claims: Mapping[int, Job.Queue]) -> None:
    """In the caller's transaction, if any rule wants to know. Runs before documents that wait."""
    if straight_through.in_use() or assignment_rules.in_use():
        jobs.enqueue_missing(
            jobs.new(kind=ROUTE, queue=queue, payload={"claim": claim}, key=f"{ROUTE}/{claim}", priority=-1)
            for claim, queue in claims.items()
        )


def run(job: Job) -> None:
    """Safe to repeat: what was decided, drawn or given away stays."""
    if jobs.is_exhausted(job):
        jobs.bury(job, code="worker-lost", reason="")
        return
    claims = Claim.objects.select_related("policy__plan").prefetch_related("documents")
    claim = claims.filter(pk=job.payload["claim"]).first()
    if claim is not None:
        route(claim)
    jobs.finish(job)


def route(claim: Claim) -> None:
    """A claim held for the sample goes to a person like every other."""
    try:
        draw = straight_through.consider(claim)
    except guards.Refused:  # somebody was quicker and works on it
        return
    if draw is None or draw.held:
        assignment_rules.assign_by_rules([claim] if claim.status == Claim.Status.READY and not claim.assignee else [])
