"""Files come in: recognised, kept as they came, queued; what cannot be read is refused with the reason."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import pillow_heif
import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from PIL import Image

from claims import storage
from claims.models import Claim, Document, Duplicate, Job, LogEntry, User
from claims.receiving.uploads import UploadRefused, clean_name, receive_file

pytestmark = pytest.mark.django_db
Picture = Callable[..., bytes]

EMPTY_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj
4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 200]>>endobj
trailer<</Root 1 0 R>>
"""


def heic() -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "white")).save(buffer)
    return buffer.getvalue()


def tiff(pages: int) -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("L", (40, 30), 200 + n) for n in range(pages)]
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


class Unreadable(ContentFile[bytes]):
    """A file that must not be taken into memory."""

    def seek(self, *_args: int) -> int:
        pytest.fail("was read")


def refusal(claim: Claim, content: bytes, name: str = "张三 receipt.jpg") -> UploadRefused:
    with pytest.raises(UploadRefused) as caught:
        receive_file(claim=claim, file=content, name=name, user=None)
    return caught.value


def test_a_file_is_kept_as_it_came_under_its_digest(claim: Claim, clerk: User, picture: Picture) -> None:
    content = picture()
    received = receive_file(claim=claim, file=content, name="receipt.jpg", user=clerk)
    document = received.document
    assert received.is_new
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert storage.read(storage.original_key(document.sha256)) == content
    assert (document.media_type, document.byte_size, document.uploaded_by) == ("image/jpeg", len(content), clerk)


def test_a_document_is_queued_to_be_read_and_logged(claim: Claim, clerk: User, picture: Picture) -> None:
    document = receive_file(claim=claim, file=picture(), name="receipt.jpg", user=clerk).document
    job = Job.objects.get()
    assert (job.kind, job.queue, job.payload["document"]) == ("read-document", "engine", document.pk)
    entry = LogEntry.objects.get(action="document.received")
    assert (entry.person, entry.claim_number, entry.document_id) == (clerk.username, claim.number, document.pk)
    assert "receipt" not in str(entry.detail)


@pytest.mark.parametrize(
    ("make", "media_type", "pages"),
    [
        (lambda picture: picture(format="PNG"), "image/png", 1),
        (lambda picture: picture(format="WEBP"), "image/webp", 1),
        (lambda _: tiff(3), "image/tiff", 3),
        (lambda _: heic(), "image/heic", 1),
        (lambda _: EMPTY_PDF, "application/pdf", 2),
    ],
)
def test_formats_are_recognised_by_content_whatever_the_name_says(
    claim: Claim, picture: Picture, make: Callable[[Picture], bytes], media_type: str, pages: int
) -> None:
    document = receive_file(claim=claim, file=make(picture), name="wrong.jpg", user=None).document
    assert (document.media_type, document.page_count) == (media_type, pages)


def test_refusals_name_file_and_reason_and_keep_nothing(claim: Claim, picture: Picture, settings: LazySettings) -> None:
    whole = picture(size=(600, 400))
    for content in (b"", b"MZ\x90 a program", b"<html>", whole[: len(whole) // 2], EMPTY_PDF[:60]):
        error = refusal(claim, content)
        assert error.name == "张三 receipt.jpg"
        assert str(error)
        assert "张三" not in str(error)
    settings.UPLOAD_MAX_BYTES = 100
    assert refusal(claim, whole).code == "too-large"
    assert not Document.objects.exists()
    assert not Job.objects.exists()


def test_bombs_are_refused(claim: Claim, picture: Picture, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_PIXELS = 10_000
    assert "megapixel" in str(refusal(claim, picture(format="PNG"))) or "pixels" in str(refusal(claim, picture()))
    settings.UPLOAD_MAX_PAGES = 2
    assert "page" in str(refusal(claim, tiff(3)))


def test_a_large_file_is_refused_before_it_is_read(claim: Claim, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 10
    file = Unreadable(b"x" * 11)
    with pytest.raises(UploadRefused):
        receive_file(claim=claim, file=file, name="a", user=None)


def test_the_same_file_twice_in_a_claim_is_one_document(claim: Claim, picture: Picture) -> None:
    first = receive_file(claim=claim, file=picture(), name="a.jpg", user=None)
    again = receive_file(claim=claim, file=picture(), name="b.jpg", user=None)
    assert not again.is_new
    assert again.document == first.document
    assert Job.objects.count() == 1
    assert LogEntry.objects.filter(action="document.received-again").exists()


def test_the_same_file_in_another_claim_is_taken_and_linked(claim: Claim, picture: Picture) -> None:
    first = receive_file(claim=claim, file=picture(), name="a.jpg", user=None).document
    other = Claim.objects.create(number="2026-000002")
    received = receive_file(claim=other, file=picture(), name="a.jpg", user=None)
    assert received.is_new
    [twin] = received.duplicates
    assert (twin.document, twin.other, twin.reason) == (received.document, first, Duplicate.Reason.SAME_BYTES)


def test_a_claim_that_a_second_person_checks_stays_as_the_first_one_saw_it(claim: Claim, picture: Picture) -> None:
    Claim.objects.update(status=Claim.Status.CHECKING)
    refused = refusal(claim, picture())
    assert (refused.code, "second person" in str(refused)) == ("claim-closed", True)
    assert not claim.documents.exists()


def test_a_decided_claim_takes_no_files_and_a_returned_one_comes_back(claim: Claim, picture: Picture) -> None:
    Claim.objects.update(status=Claim.Status.DECIDED)
    assert refusal(claim, picture()).code == "claim-closed"
    Claim.objects.update(status=Claim.Status.RETURNED)
    receive_file(claim=claim, file=picture(), name="a", user=None)
    claim.refresh_from_db()
    assert claim.status == Claim.Status.RECEIVED


def test_names_lose_folders_and_control_characters() -> None:
    assert clean_name("C:\\scans\\发票\n1.jpg") == "发票1.jpg"
    assert clean_name("../../etc/passwd") == "passwd"
    assert clean_name("\u202egpj.exe") == "gpj.exe"
    assert len(clean_name("x" * 300 + ".jpg")) == 255
    assert clean_name("") != ""
