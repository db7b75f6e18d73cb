"""The one door to a claim or a document: every page and API call takes the object from here, for a person.

Whoever may not see it gets the same answer as for a number that does not exist.
"""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from claims.models import Claim, Document, Page, User
from claims.permissions import Permission, may


def claims_for(user: User | AnonymousUser) -> QuerySet[Claim]:
    """The claims this person may see."""
    return Claim.objects.all() if may(user, Permission.SEE) else Claim.objects.none()


def documents_for(user: User | AnonymousUser) -> QuerySet[Document]:
    """The documents this person may see, each with its claim."""
    documents = Document.objects.select_related("claim")
    return documents if may(user, Permission.SEE) else documents.none()


def get_claim(user: User | AnonymousUser, number: str) -> Claim:
    claim = claims_for(user).select_related("policy__plan", "assignee", "locked_by").filter(number=number).first()
    if claim is None:
        raise Http404(_("There is no such claim."))
    return claim


def get_document(user: User | AnonymousUser, pk: int) -> Document:
    document = documents_for(user).filter(pk=pk).first()
    if document is None:
        raise Http404(_("There is no such document."))
    return document


def get_page(user: User | AnonymousUser, document_pk: int, index: int) -> Page:
    page = Page.objects.filter(document__in=documents_for(user).filter(pk=document_pk), index=index)
    found = page.select_related("document__claim").first()
    if found is None:
        raise Http404(_("There is no such page."))
    return found
