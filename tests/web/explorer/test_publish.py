"""Publishing: editions, superseding, the second click, who may."""

import pytest

from tests.web.explorer.making import NOW, budget, person, published, reviewed, unit_of
from zhengwu.model.message import RefusedError
from zhengwu.reading import read
from zhengwu.recognition.understand import understand
from zhengwu.web.common.models import AuditEvent, Role
from zhengwu.web.common.trail import verify
from zhengwu.web.explorer import services
from zhengwu.web.explorer.models import Publication, PublishedFact
from zhengwu.web.reviews.models import Document, DocumentState, JobState

pytestmark = pytest.mark.django_db


def test_publish_reviewed_document_keeps_every_fact_with_its_identity() -> None:
    publication = published()
    facts = [fact for fact in understand(read(budget(), "x.html")).facts if fact.identity is not None]
    stored = list(publication.facts.all())
    assert len(stored) == len(facts)
    for kept, fact in zip(stored, facts, strict=True):
        assert (kept.measure, kept.year, kept.function, kept.fund, kept.nature) == (
            fact.identity.measure, fact.identity.year, fact.identity.function, fact.identity.fund, fact.identity.nature,
        )  # fmt: skip
        assert (kept.value, kept.quote, kept.table, kept.row) == (fact.value, fact.quote, fact.table, fact.place.row)
    assert str(publication.total) == "63234665.44"
    assert publication.edition == 1
    assert Document.objects.get().state == DocumentState.PUBLISHED


def test_publish_projects_are_the_detail_lines_summed_without_basic_ones() -> None:
    projects = {one.name: one.amount for one in published().projects.all()}
    assert str(sum(projects.values())) == "47764125.20"
    assert str(projects["西城区政务服务业务咨询电话总客服建设服务"]) == "20475780.00"
    assert not any(name.startswith("人员支出") for name in projects)


def test_publish_twice_gives_the_same_publication_and_one_event() -> None:
    first = published()
    again = services.publication_publish(actor=first.published_by, document=first.round.document, now=NOW)
    assert again == first
    assert Publication.objects.count() == 1
    assert AuditEvent.objects.filter(action="publication.publish").count() == 1
    assert verify()[1] == ""


def test_publish_mended_version_supersedes_the_edition_before() -> None:
    first, second = published(), published()
    first.refresh_from_db()
    assert (first.edition, second.edition) == (1, 2)
    assert first.superseded_at == NOW
    assert second.superseded_at is None
    assert first.facts.exists()


@pytest.mark.parametrize("state", ["received", "confirming", "open", "returned"])
def test_publish_document_under_review_is_refused(state: str) -> None:
    by = person(Role.REVIEWER)
    document = reviewed(unit_of(), by, budget())
    document.state = state
    document.save()
    with pytest.raises(RefusedError) as refused:
        services.publication_publish(actor=by, document=document, now=NOW)
    assert refused.value.code == "conflict"
    assert not PublishedFact.objects.exists()


def test_publish_round_whose_audit_failed_is_refused() -> None:
    by = person(Role.REVIEWER)
    document = reviewed(unit_of(), by, budget())
    document.rounds.update(job=JobState.FAILED)
    with pytest.raises(RefusedError):
        services.publication_publish(actor=by, document=document, now=NOW)


@pytest.mark.parametrize(
    ("role", "own", "allowed"),
    [("reviewer", False, True), ("head", True, True), ("head", False, False), ("officer", True, False),
     ("auditor", False, False), ("administrator", False, False)],
)  # fmt: skip
def test_publish_by_role_and_unit_is_allowed_as_the_table_says(role: str, own: bool, allowed: bool) -> None:
    unit = unit_of()
    document = reviewed(unit, person("reviewer", None, "r"), budget())
    actor = person(role, unit if own else unit_of("1", "别处") if role in ("head", "officer") else None)
    if allowed:
        assert services.publication_publish(actor=actor, document=document, now=NOW).edition == 1
        return
    with pytest.raises(RefusedError) as refused:
        services.publication_publish(actor=actor, document=document, now=NOW)
    assert refused.value.code == "not-allowed"
