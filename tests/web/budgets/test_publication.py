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
from zhengwu.web.budgets.models import State, VersionKind
from zhengwu.web.budgets.moves import version_keep
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


def test_page_tells_what_is_published_from_what_has_changed_since(desk):
    approved(desk)
    made = publication.budget_publish(actor=desk.head, budget=desk.budget(), now=timezone.now())
    client = Client()
    client.force_login(desk.head)
    address = f"/budget/{desk.budget().pk}/publication/"
    page = client.get(address).content.decode()
    assert "公开之后预算有变动" not in page
    assert "（未公开）" not in page
    for name in ("original", "files/budget-2022.docx"):
        assert f"/d/{desk.unit.code}/2022/budget/1/{name}" in page
    before = desk.budget().approved.ledger
    first, second, *rest = before["lines"]
    moved = [{**first, "amount": first["amount"] + 1_00}, {**second, "amount": second["amount"] - 1_00}, *rest]
    for ledger, expected in ((before, False), ({**before, "lines": moved}, True)):
        changed = desk.budget()
        changed.approved = version_keep(changed, str(VersionKind.ADJUSTED), desk.reviewer, timezone.now(), "", ledger)
        changed.save(update_fields=["approved"])
        assert publication.outdated(desk.budget(), made) is expected
    page = client.get(address).content.decode()
    assert "公开之后预算有变动" in page
    assert "按现行内容生成的文件（未公开）" in page
    # The head publishes it anew; the page is at rest again.
    button = '<button class="primary" data-confirm='
    assert button in page
    answer = client.post(address, follow=True)
    page = answer.content.decode()
    assert (answer.status_code, button in page, "公开之后预算有变动" in page) == (200, False, False)
