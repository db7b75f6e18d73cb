"""A folder comes in: each file once, whatever is wrong with its neighbours."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.models import Claim, Document, Duplicate, Job, User
from claims.receiving import folder_import
from claims.receiving.uploads import receive_file

pytestmark = pytest.mark.django_db
Picture = Callable[..., bytes]


@pytest.fixture
def folder(tmp_path: Path, picture: Picture) -> Path:
    """Two pictures, one of them in a folder of its own, and what is no document."""
    (tmp_path / "a.jpg").write_bytes(picture("one"))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "B.JPEG").write_bytes(picture("two"))
    (tmp_path / "notes.txt").write_text("not a picture")
    return tmp_path


def take_in(folder: Path, **options: object) -> str:
    out = io.StringIO()
    call_command("import_documents", str(folder), stdout=out, **options)
    return out.getvalue()


def test_every_picture_opens_a_claim_and_waits_to_be_read(folder: Path) -> None:
    said = take_in(folder)
    assert said.endswith("2 added, 0 there already, 0 refused\n")
    assert sorted(Document.objects.values_list("original_name", flat=True)) == ["B.JPEG", "a.jpg"]
    assert Claim.objects.count() == 2
    assert Job.objects.filter(kind="read-document").count() == 2
    for claim in Claim.objects.all():
        assert claim.number in said


def test_a_second_run_adds_nothing(folder: Path) -> None:
    take_in(folder)
    said = take_in(folder).splitlines()
    assert said[-1] == "0 added, 2 there already, 0 refused"
    assert all(line.endswith("; there already") for line in said[:-1])
    assert Claim.objects.count() == Document.objects.count() == 2


def test_the_same_file_that_a_person_took_in_is_another_request(folder: Path, claim: Claim, clerk: User) -> None:
    content = (folder / "a.jpg").read_bytes()
    receive_file(claim=claim, file=content, name="a.jpg", user=clerk)
    said = take_in(folder)
    assert f"; the same file: {claim.number}" in said
    assert Duplicate.objects.filter(reason=Duplicate.Reason.SAME_BYTES, other__claim=claim).count() == 1
    assert "0 added, 2 there already" in take_in(folder)


def test_two_files_of_the_same_bytes_are_two_requests(folder: Path) -> None:
    (folder / "again.jpg").write_bytes((folder / "a.jpg").read_bytes())
    assert "3 added" in take_in(folder)
    assert "0 added, 3 there already" in take_in(folder)
    assert Duplicate.objects.filter(reason=Duplicate.Reason.SAME_BYTES).count() == 1


def test_all_documents_may_join_one_claim_once(folder: Path, claim: Claim) -> None:
    for expected in ("2 added, 0 there already", "0 added, 2 there already"):
        assert expected in take_in(folder, claim=claim.number)
    assert claim.documents.count() == 2
    assert Claim.objects.count() == 1


def test_a_bad_file_is_named_with_its_reason_and_the_others_come_in(folder: Path) -> None:
    (folder / "broken.png").write_bytes(b"not a picture")
    (folder / "z.pdf").write_bytes(b"")
    problems = io.StringIO()
    with pytest.raises(CommandError, match="2 of 4 files were refused"):
        call_command("import_documents", str(folder), stdout=io.StringIO(), stderr=problems)
    assert [line.partition(":")[0] for line in problems.getvalue().splitlines()] == ["broken.png", "z.pdf"]
    assert "JPEG" in problems.getvalue()
    assert Document.objects.count() == Claim.objects.count() == 2


def test_a_file_that_goes_away_meanwhile_is_named(folder: Path) -> None:
    files = folder_import.import_folder(folder)
    first = next(files)
    (folder / "more" / "B.JPEG").unlink() if first.path.name == "a.jpg" else (folder / "a.jpg").unlink()
    [gone] = files
    assert gone.problem == "No such file or directory"
    assert gone.document is None


def test_a_run_that_is_interrupted_leaves_no_empty_claim(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(folder_import, "add_document", interrupted)
        with pytest.raises(KeyboardInterrupt):
            take_in(folder)
    assert not Claim.objects.exists()
    assert "2 added" in take_in(folder)


def test_a_closed_claim_takes_nothing_in(folder: Path, claim: Claim) -> None:
    Claim.objects.update(status=Claim.Status.DECIDED)
    problems = io.StringIO()
    with pytest.raises(CommandError, match="2 of 2"):
        call_command("import_documents", str(folder), claim=claim.number, stdout=io.StringIO(), stderr=problems)
    assert f"Claim {claim.number} is decided" in problems.getvalue()
    assert not Document.objects.exists()


def test_what_does_not_exist_is_named(tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError, match=r"none is not a folder"):
        take_in(tmp_path / "none")
    with pytest.raises(CommandError, match=r"There is no claim 2020-9"):
        take_in(tmp_path, claim="2020-9")


def test_who_took_it_in_is_the_system(folder: Path, clerk: User) -> None:
    take_in(folder)
    assert set(Document.objects.values_list("uploaded_by", flat=True)) == {None}


def test_a_link_that_leads_out_of_the_folder_is_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "c.jpg"
    elsewhere.write_bytes((folder / "a.jpg").read_bytes() + b" ")
    (folder / "c.jpg").symlink_to(elsewhere)
    (folder / "d.jpg").symlink_to(folder / "a.jpg")
    found = {item.path.name: item for item in folder_import.import_folder(folder)}
    assert found["c.jpg"].document is None
    assert "out of the folder" in found["c.jpg"].problem
    assert found["d.jpg"].problem == ""
    assert found["a.jpg"].document
    assert found["d.jpg"].twins == (found["a.jpg"].document.claim.number,)
