"""Each service: who may, from which state, what it writes."""

import pytest
from django.utils import timezone

from tests.web.reviews.conftest import EXAMPLE, file_of
from zhengwu.model.message import RefusedError
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.reviews import services, workflow
from zhengwu.web.reviews.models import Decision, Document, DocumentState, Finding, Round
from zhengwu.web.reviews.uploads import MOST_FILES


def refused(code: str):
    class _Refused:
        def __enter__(self):
            self.raises = pytest.raises(RefusedError)
            self.info = self.raises.__enter__()

        def __exit__(self, *error):
            assert self.raises.__exit__(*error)
            assert self.info.value.code == code
            assert self.info.value.message.zh
            assert self.info.value.message.en
            return True

    return _Refused()


def decide(actor, finding, decision="accepted", reason="", revision=0):
    return services.finding_decide(
        actor=actor, finding=finding, decision=decision, reason=reason, revision=revision, now=timezone.now()
    )


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_upload_by_one_who_only_reads_is_refused(role, people):
    with refused("not-allowed"):
        services.document_upload(actor=getattr(people, role), files=[file_of()], now=timezone.now())
    assert not Document.objects.exists()


def test_upload_to_a_foreign_document_is_refused(people, opened):
    with refused("not-allowed"):
        services.document_upload(
            actor=people.stranger, document=opened.document, files=[file_of(b"x")], now=timezone.now()
        )


def test_upload_for_a_foreign_unit_is_refused(people):
    with refused("not-allowed"):
        services.document_upload(actor=people.officer, unit=people.foreign, files=[file_of()], now=timezone.now())


def test_upload_of_none_or_too_many_is_refused(people):
    with refused("no-file"):
        services.document_upload(actor=people.officer, files=[], now=timezone.now())
    with refused("too-many-files"):
        services.document_upload(actor=people.officer, files=[file_of()] * (MOST_FILES + 1), now=timezone.now())


def test_upload_twice_gives_one_document(people):
    for _ in range(2):
        services.document_upload(actor=people.officer, files=[file_of()], now=timezone.now())
    assert Round.objects.count() == 1


def test_second_version_while_the_first_is_audited_is_refused(people):
    done = services.document_upload(actor=people.officer, files=[file_of()], now=timezone.now())
    with refused("conflict"):
        services.document_upload(
            actor=people.officer, document=done.rounds[0].document, files=[file_of(b"other")], now=timezone.now()
        )


def test_confirm_for_a_foreign_unit_is_refused(people, upload):
    one = upload()
    with refused("not-allowed"):
        services.document_confirm(
            actor=people.officer, document=one.document, unit=people.foreign, year=2021, kind="budget"
        )
    with refused("not-allowed"):
        services.document_confirm(
            actor=people.stranger, document=one.document, unit=people.foreign, year=2021, kind="budget"
        )


@pytest.mark.parametrize(("year", "kind"), [(1, "budget"), (2021, "else")])
def test_confirm_with_a_wrong_value_is_refused(year, kind, people, upload):
    with refused("invalid"):
        services.document_confirm(
            actor=people.officer, document=upload().document, unit=people.own, year=year, kind=kind
        )


def test_confirm_of_the_same_unit_year_and_kind_joins_as_next_round(people, opened, upload):
    text = EXAMPLE.read_text(encoding="utf-8").replace("增加（减少）", "增加").encode()
    decide(people.reviewer, opened.findings.get(rule="name-does-not-match-code"), "dismissed", "说明")
    again = upload(text, "mended.txt", people.reviewer)
    target = services.document_confirm(
        actor=people.reviewer, document=again.document, unit=people.own, year=2021, kind="budget"
    )
    assert target == opened.document
    assert list(target.rounds.values_list("number", "current")) == [(1, False), (2, True)]
    assert Document.objects.count() == 1
    carried = Finding.objects.get(round__number=2, rule="name-does-not-match-code")
    assert carried.carried
    assert carried.earlier is not None
    assert AuditEvent.objects.filter(action="document.merge").count() == 1


def test_decide_twice_at_once_tells_the_second_what_the_first_did(people, opened):
    finding = opened.findings.first()
    decide(people.reviewer, finding, "dismissed", "口径不同")
    with pytest.raises(RefusedError) as info:
        decide(people.other, finding, "accepted")
    assert info.value.code == "conflict"
    assert "reviewer" in info.value.message.en
    assert "口径不同" in info.value.message.zh
    finding.refresh_from_db()
    assert (finding.decision, finding.revision) == (Decision.DISMISSED, 1)
    assert AuditEvent.objects.filter(action="finding.decide").count() == 1


def test_decide_clicked_twice_is_one_decision(people, opened):
    finding = opened.findings.first()
    decide(people.reviewer, finding)
    decide(people.reviewer, finding)
    finding.refresh_from_db()
    assert finding.revision == 1


@pytest.mark.parametrize("role", ["officer", "head", "stranger", "auditor", "administrator"])
def test_decide_by_anybody_but_a_reviewer_is_refused(role, people, opened):
    with refused("not-allowed"):
        decide(getattr(people, role), opened.findings.first())


def test_decide_in_a_returned_document_is_refused(people, opened):
    services.document_return(actor=people.reviewer, document=opened.document, reason="请修改")
    with refused("conflict"):
        decide(people.reviewer, opened.findings.first())


def test_dismiss_or_return_without_a_reason_is_refused(people, opened):
    with refused("invalid"):
        decide(people.reviewer, opened.findings.first(), "dismissed", "  ")
    with refused("invalid"):
        services.document_return(actor=people.reviewer, document=opened.document, reason=" \n")


def test_close_with_undecided_findings_is_refused(people, opened):
    with refused("undecided"):
        services.document_close(actor=people.reviewer, document=opened.document)


def test_comment_by_the_unit_but_not_by_a_stranger(people, opened):
    finding = opened.findings.first()
    services.finding_comment(actor=people.officer, finding=finding, text="已核实")
    with refused("not-allowed"):
        services.finding_comment(actor=people.stranger, finding=finding, text="x")
    assert [comment.text for comment in finding.comments.all()] == ["已核实"]


def test_assign_to_a_reviewer_or_to_the_unit_only(people, opened):
    finding = opened.findings.first()
    services.finding_assign(actor=people.reviewer, finding=finding, to=people.officer)
    with refused("invalid"):
        services.finding_assign(actor=people.reviewer, finding=finding, to=people.stranger)
    services.document_assign(actor=people.reviewer, document=opened.document, to=people.other)
    with refused("invalid"):
        services.document_assign(actor=people.reviewer, document=opened.document, to=people.officer)
    with refused("not-allowed"):
        services.document_assign(actor=people.officer, document=opened.document, to=people.other)


def test_mark_published_only_when_done(people, opened):
    with refused("conflict"):
        services.document_mark_published(actor=people.head, document=opened.document)
    Document.objects.update(state=DocumentState.DONE)
    assert services.document_mark_published(actor=people.head, document=opened.document).state == "published"


@pytest.mark.parametrize("state", list(DocumentState))
@pytest.mark.parametrize("move", list(workflow.TABLE))
def test_workflow_moves_as_the_table_says_and_refuses_with_a_reason(state, move):
    if workflow.allows(move, state):
        assert workflow.after(move, state) == workflow.TABLE[move].end
    else:
        with refused("conflict"):
            workflow.after(move, state)


def test_refused_change_leaves_no_event(people, opened):
    before = AuditEvent.objects.count()
    with refused("undecided"):
        services.document_close(actor=people.reviewer, document=opened.document)
    assert AuditEvent.objects.count() == before
    opened.document.refresh_from_db()
    assert opened.document.state == DocumentState.OPEN
