"""Files of a project of the library by the API, and its history."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.api.budget_calls import Caller, fetched, posted, uploaded
from tests.web.api.calls import ROOT
from zhengwu.web.budgets import attachments
from zhengwu.web.budgets.models import Attachment

pytestmark = pytest.mark.django_db
LIBRARY = "/library/projects"


def project(call: Caller) -> str:
    """The address of a new project."""
    made = posted(call, LIBRARY, {"name": "大厅服务", "starts": 2021}, "officer", 201)
    return f"{LIBRARY}/{made['id']}"


def attach(call: Caller, path: str, *files: tuple[str, bytes], status: int = 201, who: str = "officer") -> Any:
    """What adding files answers."""
    given = {"files": [SimpleUploadedFile(name, data) for name, data in files]}
    return uploaded(call, f"{path}/attachments", given, who, status)


def test_files_are_added_fetched_and_taken_off(call: Caller) -> None:
    path = project(call)
    one, other = attach(call, path, ("立项.pdf", b"<script>"), ("b.txt", b"2"))["added"]
    assert (one["name"], one["size"], one["added_by"]) == ("立项.pdf", 8, "officer")
    assert fetched(call, f"{path}/attachments", "reviewer")["items"] == [one, other]
    assert fetched(call, f"{path}/attachments?limit=1&offset=1")["items"] == [other]
    address = f"{ROOT}{path}/attachments/{one['id']}"
    answer = call.client.get(address, headers=call.tokens["head"])
    assert b"".join(answer.streaming_content) == b"<script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    known = call.tokens["head"] | {"If-None-Match": answer["ETag"]}
    assert call.client.get(address, headers=known).status_code == 304
    posted(call, f"{path}/attachments/{one['id']}/removal", {}, "head", 403)
    assert posted(call, f"{path}/attachments/{one['id']}/removal", {}, "officer") == one
    posted(call, f"{path}/attachments/{one['id']}/removal", {}, "officer", 404)
    fetched(call, f"{path}/attachments/{one['id']}", "officer", 404)
    assert fetched(call, f"{path}/attachments")["items"] == [other]


def test_files_that_cannot_be_added_leave_nothing_behind(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project(call)
    assert list(attach(call, path, ("good.txt", b"1"), ("empty.txt", b""), status=422)["fields"]) == ["files"]
    monkeypatch.setattr(attachments, "MOST_FILES", 1)
    assert "1 attachments at most" in attach(call, path, ("a", b"1"), ("b", b"2"), status=422)["message"]
    assert "files" in attach(call, path, status=422)["fields"]
    assert posted(call, f"{path}/attachments", {}, "officer", 415)["code"] == "wrong-type"
    attach(call, path, ("a", b"1"), status=404, who="stranger")
    attach(call, f"{LIBRARY}/{10**30}", ("a", b"1"), status=404)
    fetched(call, f"{path}/attachments/{10**30}", "officer", 404)
    assert not Attachment.objects.exists()


def test_file_that_is_lost_is_told(call: Caller) -> None:
    path = project(call)
    (one,) = attach(call, path, ("a", b"1"))["added"]
    made = Attachment.objects.get(pk=one["id"])
    made.file.storage.delete(made.file.name)
    assert "lost" in fetched(call, f"{path}/attachments/{one['id']}", "officer", 404)["message"]


def test_history_of_a_project_tells_what_changed(call: Caller) -> None:
    path = project(call)
    posted(call, f"{path}/years/2022", {"revision": 0, "amount": "10"}, "officer")
    attach(call, path, ("a.txt", b"1"))
    found = fetched(call, f"{path}/history")
    assert [(one["action"], one["actor"]) for one in found["items"]] == [
        ("project.attach", "officer"), ("project.year", "officer"), ("project.add", "officer"),
    ]  # fmt: skip
    assert found["items"][0]["changes"] == ["a.txt"]
    assert found["items"][1]["changes"] == ["2022", "money: — → 10.00"]
    assert fetched(call, f"{path}/history?limit=1&offset=2")["items"] == found["items"][2:]
    fetched(call, f"{path}/history", "stranger", 404)
