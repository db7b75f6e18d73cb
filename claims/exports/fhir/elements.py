"""The small parts that resources are made of: money, codes, references. Numbers stay `Decimal`, digit for digit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from claims.exports.gather import ClaimFile

Resource: TypeAlias = dict[str, Any]
"""A resource or a part of one, as JSON."""

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
UCUM = "http://unitsofmeasure.org"
LOINC = "http://loinc.org"


@dataclass(frozen=True, slots=True)
class Context:
    """The claim that is written, and where its desk is to be found."""

    file: ClaimFile
    desk: str
    """Address of the desk without a slash at the end: the names of its own numbers begin with it."""

    @property
    def currency(self) -> str:
        return self.file.claim.currency

    def system(self, name: str) -> str:
        """What this desk calls `name`: a naming system or a code system of its own."""
        return f"{self.desk}/fhir/{name}"

    def id(self, kind: str, key: object = "") -> str:
        """The same resource has the same id in every export of this desk."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.desk}/claims/{self.file.claim.number}/{kind}/{key}"))

    def reference(self, kind: str, key: object = "", display: str = "") -> Resource:
        """To a resource of the same bundle."""
        return without_gaps({"reference": f"urn:uuid:{self.id(kind, key)}", "type": kind, "display": display})

    def resource(self, kind: str, key: object = "", **parts: Any) -> Resource:
        return without_gaps({"resourceType": kind, "id": self.id(kind, key), **parts})

    def money(self, amount: Decimal | None) -> Resource | None:
        return None if amount is None else {"value": amount, "currency": self.currency}

    def own_code(self, system: str, code: str, text: str) -> Resource:
        """A code of this desk, with its words."""
        return {"coding": [{"system": self.system(system), "code": code, "display": text}], "text": text}


def without_gaps(parts: Mapping[str, Any]) -> Resource:
    """What is not known is left out: FHIR has no empty values."""
    return {name: part for name, part in parts.items() if part not in (None, "", [], {})}


def coded(system: str, code: str, text: str = "") -> Resource:
    """`system`: the last part of a terminology.hl7.org address, or a whole one."""
    address = system if "://" in system else f"{TERMINOLOGY}/{system}"
    return without_gaps({"coding": [{"system": address, "code": code}], "text": text})


def said(text: str | None) -> Resource | None:
    """A concept that the paper names, and no code system does."""
    return {"text": text} if text else None


def moment(at: date | datetime | None) -> str | None:
    """`2026-11-28T09:30:00+08:00`, or a day alone."""
    return None if at is None else at.isoformat()
