"""What each role may do with every model of the admin: look, add, change, delete, and the actions of its list.

A model that is registered anew fails the tests until somebody has written down here who may do what with it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from claims.models import User
from ocr_providers.models import GatewayClient

from ..access_table import ROLES

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

AWAY = "away"
"""Sent to the admin's sign-in page."""
NOTHING, LOOK, ALL = "", "view", "view add change delete"
LET_IN = ("supervisor", "auditor", "administrator")
"""Roles that an administrator lets into the admin."""


def row(administrator: str, *, auditor: str = NOTHING, supervisor: str = NOTHING) -> tuple[str, ...]:
    """In the order of `ROLES`."""
    return (AWAY, AWAY, supervisor, auditor, administrator, AWAY)


RECORD = row(LOOK, auditor=LOOK)
SETTING = row(ALL, auditor=LOOK)
RULE = row("view add change", auditor=LOOK)
"""Switched off, never deleted."""
SIGN_IN = row("view delete")
"""Deleting one ends a lock-out."""
TABLE = {
    "account.emailaddress": row(NOTHING),  # the desk knows people by name
    "auth.group": row(ALL),
    "authtoken.tokenproxy": row("view add delete"),
    "axes.accessattempt": SIGN_IN,
    "axes.accessfailurelog": SIGN_IN,
    "axes.accesslog": SIGN_IN,
    "claims.assignmentrule": row("view add change", auditor=LOOK, supervisor="view add change"),
    "claims.claim": row("view change", auditor=LOOK),
    "claims.correction": RECORD,
    "claims.costcategory": RECORD,
    "claims.decision": RECORD,
    "claims.document": RECORD,
    "claims.duplicate": RECORD,
    "claims.erasure": RECORD,
    "claims.finding": RECORD,
    "claims.healthvalue": RECORD,
    "claims.invoiceheader": row("view reveal", auditor="view reveal"),
    "claims.job": row("view drive_again", auditor=LOOK),
    "claims.legalhold": RECORD,
    "claims.letter": RECORD,
    "claims.letterhead": SETTING,
    "claims.lineitem": RECORD,
    "claims.logentry": RECORD,
    "claims.move": RECORD,
    "claims.note": RECORD,
    "claims.page": RECORD,
    "claims.paperrequest": RECORD,
    "claims.payment": RECORD,
    "claims.plan": SETTING,
    "claims.policy": row(f"{ALL} reveal erase_person", auditor="view reveal"),
    "claims.presence": RECORD,
    "claims.queueview": RECORD,
    "claims.reading": RECORD,
    "claims.rolerule": SETTING,
    "claims.rulesetting": SETTING,
    "claims.sampledraw": RECORD,
    "claims.secondreviewrule": RULE,
    "claims.straightthroughrule": RULE,
    "claims.timelimit": row("view change", auditor=LOOK),
    "claims.user": row(f"{ALL} sign_out_everywhere", auditor=LOOK),
    "claims.webhookdelivery": row("view deliver_again", auditor=LOOK),
    "claims.webhookendpoint": row("view add change send_test make_new_secret", auditor=LOOK),
    "mfa.authenticator": SIGN_IN,
    "ocr_providers.gatewayclient": row(f"{ALL} make_new_credentials", auditor=LOOK),
    "ocr_providers.provideraccount": row(f"{ALL} test_connection resume", auditor=LOOK),
    "ocr_providers.providercall": RECORD,
}


def let_in(person: User) -> User:
    person.is_staff = True
    person.save()
    return person


def what_may_be_done(client: Client, model: type[Model]) -> str:
    """As the list's page itself offers it."""
    meta = model._meta
    response = client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))
    if response.status_code == 302 and response["Location"].startswith(reverse("admin:login")):
        return AWAY
    if response.status_code == 403:
        return NOTHING
    assert response.status_code == 200
    listed = [entry for app in response.context["available_apps"] for entry in app["models"]]
    perms = next(entry["perms"] for entry in listed if entry["model"] is model)
    form = response.context["action_form"]
    actions = [name for name, _label in form.fields["action"].choices if name] if form else []
    return " ".join([*(word for word in ALL.split() if perms[word]), *actions])


def everything(client: Client) -> dict[str, str]:
    return {model._meta.label_lower: what_may_be_done(client, model) for model in admin.site._registry}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_in_the_admin_what_the_table_says(people: dict[str, User], signed_in: SignIn, role: str) -> None:
    person = let_in(people[role]) if role in LET_IN else people[role]
    assert everything(signed_in(person)) == {name: may[ROLES.index(role)] for name, may in TABLE.items()}


def test_whoever_is_not_signed_in_is_sent_away(client: Client) -> None:
    assert everything(client) == dict.fromkeys(TABLE, AWAY)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in LET_IN])
def test_who_has_no_work_in_the_admin_finds_nothing_there(
    people: dict[str, User], signed_in: SignIn, role: str
) -> None:
    assert everything(signed_in(let_in(people[role]))) == dict.fromkeys(TABLE, NOTHING)


def test_an_action_that_is_not_offered_is_not_done(auditor: User, signed_in: SignIn) -> None:
    gateway_client = GatewayClient(name="hospital")
    gateway_client.make_credentials()
    gateway_client.save()
    url = reverse("admin:ocr_providers_gatewayclient_changelist")
    sent = {"action": "make_new_credentials", "_selected_action": [gateway_client.pk], "reason": "x"}
    signed_in(let_in(auditor)).post(url, sent)
    assert GatewayClient.objects.get().appkey == gateway_client.appkey
