"""Files that belong to a project: what is taken, where it lies, who gets it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.web.budgets.test_library import add
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import attachments
from zhengwu.web.budgets.models import Attachment, Project
from zhengwu.web.common import archive
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import AuditEvent


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


def attach(desk, project: Project, *files: SimpleUploadedFile, who: str = "officer") -> list[Attachment]:
    return attachments.attachments_add(actor=desk.people[who], project=project, files=files, now=timezone.now())


def test_attachment_lies_under_a_name_nobody_chose_and_is_in_the_backup(desk, settings, tmp_path):
    settings.HOME = tmp_path
    project = add(desk)
    made = attach(desk, project, SimpleUploadedFile("../../立项\u202egpj.exe", b"content"))[0]
    assert made.name == "立项gpj.exe"
    assert "立项" not in made.file.name
    assert (settings.MEDIA_ROOT / made.file.name).read_bytes() == b"content"
    assert archive.missing() == []
    assert any(made.file.name in str(path) for path in archive._files(settings.MEDIA_ROOT))
    event = AuditEvent.objects.get(action="project.attach")
    assert event.data["files"][0]["sha256"] == made.sha256


def test_attachments_beyond_the_limits_leave_nothing_behind(desk, settings, monkeypatch):
    project = add(desk)
    for file in (SimpleUploadedFile("a.txt", b""), SimpleUploadedFile("b.bin", b"x" * 2048)):
        monkeypatch.setattr(attachments, "MOST_BYTES", 2047)
        with pytest.raises(FieldRefusedError) as info:
            attach(desk, project, SimpleUploadedFile("good.txt", b"x"), file)
        assert info.value.field == "files"
    for number in range(attachments.MOST_FILES):
        attach(desk, project, SimpleUploadedFile(f"{number}.txt", b"x"))
    with pytest.raises(FieldRefusedError):
        attach(desk, project, SimpleUploadedFile("one more.txt", b"x"))
    assert Attachment.objects.count() == attachments.MOST_FILES
    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == attachments.MOST_FILES
    attachments.attachment_remove(actor=desk.officer, attachment=Attachment.objects.first())
    attach(desk, project, SimpleUploadedFile("room again.txt", b"x"))


def test_attachment_that_is_removed_is_gone_for_all_but_the_trail(desk, settings):
    project = add(desk)
    made = attach(desk, project, SimpleUploadedFile("a.txt", b"x"))[0]
    for _again in range(2):
        attachments.attachment_remove(actor=desk.officer, attachment=made)
    with pytest.raises(RefusedError):
        attachments.attachment_seen(project, made.pk)
    assert (settings.MEDIA_ROOT / made.file.name).exists()
    assert AuditEvent.objects.filter(action="project.detach").count() == 1
