"""An approved budget in the open book: what is published is what was approved, read back and audited."""

import hashlib

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.budgets.test_cycle import approved
from zhengwu.ledger.rebuild import rebuilt
from zhengwu.ledger.store import ledger_from
from zhengwu.model.message import RefusedError
from zhengwu.reading import read
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import audit
from zhengwu.web.budgets import publication
from zhengwu.web.budgets.models import State
from zhengwu.web.explorer.models import Publication
from zhengwu.web.reviews.models import Document, DocumentState, Round


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


def test_budget_that_is_not_approved_is_not_published(desk):
    desk.opened()
    with pytest.raises(RefusedError) as info:
        publication.budget_publish(actor=desk.head, budget=desk.budget(), now=timezone.now())
    assert info.value.code == "conflict"


def test_approved_budget_is_published_in_all_formats_and_its_audit_is_clean(desk):
    approved(desk)
    made = publication.budget_publish(actor=desk.head, budget=desk.budget(), now=timezone.now())
    assert desk.budget().state == State.PUBLISHED
    assert Document.objects.get().state == DocumentState.PUBLISHED
    one = Round.objects.get()
    assert not one.findings.exclude(severity="info").exists()
    assert one.amounts > 300
    names = set(made.files.values_list("name", flat=True))
    assert names == {"budget-2022.docx", "budget-2022.xlsx", "budget-2022.html", "budget-2022-data.zip"}
    public = Client()
    page = public.get(f"/d/{desk.unit.code}/2022/budget/").content.decode()
    for name in names:
        assert f"files/{name}" in page
        answer = public.get(f"/d/{desk.unit.code}/2022/budget/1/files/{name}")
        content = b"".join(answer.streaming_content)
        assert hashlib.sha256(content).hexdigest() == made.files.get(name=name).sha256
    assert public.get(f"/d/{desk.unit.code}/2022/budget/1/files/none.docx").status_code == 404


def test_published_files_read_back_are_the_ledger(desk):
    approved(desk)
    made = publication.budget_publish(actor=desk.head, budget=desk.budget(), now=timezone.now())
    ledger = ledger_from(desk.budget().approved.ledger)
    printed = sorted((line.function, line.government, line.departmental, line.amount) for line in ledger.lines)
    for stream, name in [
        (made.round.file, "a.pdf"),
        *((one.file, one.name) for one in made.files.exclude(name__endswith="zip")),
    ]:
        with stream.open("rb") as data:
            understood = understand(read(data.read(), name))
        assert not [one for one in audit(understood).findings if one.severity != "info"]
        found = rebuilt(understood)[0]
        assert (
            sorted((line.function, line.government, line.departmental, line.amount) for line in found.lines) == printed
        )
        assert {row.name for row in found.projects if row.targets} == {
            row.name for row in ledger.projects if row.targets
        }


def test_second_click_gets_the_publication_of_the_first(desk):
    approved(desk)
    made = publication.budget_publish(actor=desk.head, budget=desk.budget(), now=timezone.now())
    again = publication.budget_publish(actor=desk.head, budget=desk.budget(), now=timezone.now())
    assert again == made
    assert Publication.objects.count() == 1
