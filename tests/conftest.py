"""What every test may ask for: people of each role, a claim, a document; and the walls around all tests."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.test import Client, TransactionTestCase
from PIL import Image, ImageDraw
from pytest_socket import socket_allow_hosts

from claims.models import Claim, Document, Role, User
from claims.recording.append_only import suspended

LOOPBACK = ["127.0.0.1", "::1"]


@pytest.fixture(autouse=True)
def only_loopback() -> None:
    """No test talks to the world, only to servers that it started itself, and to PostgreSQL."""
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(autouse=True, scope="session")
def append_only_tables_empty_between_tests() -> Iterator[None]:
    """Tests with real transactions empty all tables afterwards; the triggers of append-only tables would refuse."""
    patch = pytest.MonkeyPatch()
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def empty_with_leave(case: TransactionTestCase) -> None:
        with suspended():
            empty(case)

    patch.setattr(TransactionTestCase, "_fixture_teardown", empty_with_leave)
    yield
    patch.undo()


MakeUser = Callable[..., User]


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """`make_user("mei", Role.REVIEWER)`; without a role, a person who may do nothing."""

    def make(username: str, *roles: Role, **fields: Any) -> User:
        user = User.objects.create_user(username, password="correct horse", **fields)
        user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
        return user

    return make


@pytest.fixture
def clerk(make_user: MakeUser) -> User:
    return make_user("clara.clerk", Role.CLERK)


@pytest.fixture
def reviewer(make_user: MakeUser) -> User:
    return make_user("rui.reviewer", Role.REVIEWER)


@pytest.fixture
def supervisor(make_user: MakeUser) -> User:
    return make_user("sun.supervisor", Role.SUPERVISOR)


@pytest.fixture
def auditor(make_user: MakeUser) -> User:
    return make_user("ada.auditor", Role.AUDITOR)


@pytest.fixture
def administrator(make_user: MakeUser) -> User:
    return make_user("ann.administrator", Role.ADMINISTRATOR, is_staff=True)


@pytest.fixture
def stranger(make_user: MakeUser) -> User:
    """Can sign in, has no role."""
    return make_user("stan.stranger")


@pytest.fixture
def people(
    clerk: User, reviewer: User, supervisor: User, auditor: User, administrator: User, stranger: User
) -> dict[str, User]:
    """Everybody, by the name that access tables use."""
    return {
        "clerk": clerk,
        "reviewer": reviewer,
        "supervisor": supervisor,
        "auditor": auditor,
        "administrator": administrator,
        "stranger": stranger,
    }


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def claim(db: None) -> Claim:
    return Claim.objects.create(number="2026-000001", patient_name="测试人")


@pytest.fixture
def document(claim: Claim, clerk: User) -> Document:
    """A document as the upload leaves it, before any worker saw it. Its file is not stored."""
    return Document.objects.create(
        claim=claim,
        sha256="ab" * 32,
        media_type="image/jpeg",
        byte_size=1000,
        original_name="receipt.jpg",
        uploaded_by=clerk,
    )


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """A picture file with some text on it: `picture("hello", format="PNG")`. The same text gives the same bytes."""

    def make(text: str = "invoice", *, size: tuple[int, int] = (600, 400), format: str = "JPEG", **save: Any) -> bytes:  # noqa: A002
        image = Image.new("RGB", size, "white")
        ImageDraw.Draw(image).text((30, 30), text, fill="black", font_size=40)
        buffer = io.BytesIO()
        image.save(buffer, format, **save)
        return buffer.getvalue()

    return make


@pytest.fixture(autouse=True)
def empty_store(request: pytest.FixtureRequest) -> Iterator[None]:
    """Files of one test are not there for the next."""
    yield
    location = getattr(default_storage, "location", None)
    if "db" in request.fixturenames and isinstance(location, str):
        for folder in ("originals", "derived", "letters"):
            _empty(folder)


def _empty(folder: str) -> None:
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    for name in files:
        default_storage.delete(f"{folder}/{name}")
    for name in folders:
        _empty(f"{folder}/{name}")
