"""An approved budget is published: composed, audited as its readers will, put into the open book in all formats."""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from zhengwu.ledger.model import Ledger
from zhengwu.ledger.problem import several
from zhengwu.ledger.rollup import rollup
from zhengwu.ledger.store import ledger_from
from zhengwu.model.message import RefusedError
from zhengwu.publishing.publish import files_of
from zhengwu.web.budgets import books, departments, workflow
from zhengwu.web.budgets.models import Budget, State, Version, VersionKind
from zhengwu.web.budgets.moves import tell
from zhengwu.web.budgets.proof import Standing, drafted, lines_of, proof_of, standing_of
from zhengwu.web.budgets.reasons import Given, with_reasons
from zhengwu.web.budgets.rows import locked
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record
from zhengwu.web.explorer import services as explorer
from zhengwu.web.explorer.models import Publication, PublicationFile
from zhengwu.web.reviews.compiled import audit_of, document_compiled

_FIRST = ".pdf"  # the file that readers meet: it has pages


def published(budget: Budget) -> Publication | None:
    """What stands of the budget in the open book; None before its first publication."""
    return Publication.objects.filter(unit=budget.unit, year=budget.year.year, kind="budget", superseded_at=None).first()  # fmt: skip


def outdated(budget: Budget, publication: Publication) -> bool:
    """Whether the budget, or one below it, says something else now than it did at its publication. Two queries."""
    parts = {one.pk: one.approved.sha256 for one in departments.units_of(budget) if one.approved is not None}
    kinds = (VersionKind.APPROVED, VersionKind.ADJUSTED, VersionKind.EARLIER)
    then = Version.objects.filter(budget__in=parts, kind__in=kinds, made_at__lte=publication.published_at)
    return parts != dict(then.order_by("number").values_list("budget", "sha256"))


def ledger_in_force(budget: Budget) -> Ledger:
    """The ledger that is published: the approved one, or of a department those of all its units together. Raises
    RefusedError "conflict" while a budget of them is not approved."""
    parts = [budget, *departments.units_below(budget)]
    waiting = [one for one in parts if one.approved is None or one.state not in (*workflow.IN_FORCE, State.EARLIER)]
    if waiting:
        names = "、".join(str(one.unit) for one in waiting[:5])
        raise RefusedError(
            "conflict",
            f"还有 {len(waiting)} 份预算没有批复（{names}），不能公开。",
            f"{len(waiting)} budget(s) are not approved yet ({', '.join(str(one.unit) for one in waiting[:5])}): nothing can be published.",
        )
    ledgers = [ledger_from(one.approved.ledger, gaps=True) for one in parts if one.approved is not None]
    if len(ledgers) == 1:
        return ledgers[0]
    return rollup(ledgers).ledger


def unready(below: Sequence[Budget]) -> list[Budget]:
    """Those of the units below a department that are being compiled and have something to mend yet."""
    return [one for one in below if not departments.in_force(one) and books.checked(one).faults]


def ledger_shown(budget: Budget, held: bool = True, given: Mapping[str, Given] | None = None) -> Ledger:
    """The ledger that is or would be published: the one in force, before the approval the budget as it now is, with the
    reasons ``given`` as if they were typed. Without ``held``, to look at: though its sums may not agree yet, and of a
    department with its units, where these have nothing to mend. Raises RefusedError, LedgerError for a draft that does
    not hold."""
    if budget.state in workflow.IN_FORCE:
        return ledger_in_force(budget)
    if held:
        return books.ledger_of(budget)
    own, below = with_reasons(books.Look(budget).ledger, given or {}), departments.units_below(budget)
    if not below or unready(below):
        return own
    others = departments.plains_of(below)
    return rollup([own, *(ledger_from(others[one.pk], gaps=True) for one in below)]).ledger


def standing(budget: Budget) -> Standing:
    """What stands against publishing the version in force, or before that the budget as it now is."""
    if budget.state not in workflow.IN_FORCE:
        return drafted(books.Look(budget))
    try:
        return standing_of(budget, ledger_in_force(budget))
    except RefusedError as error:
        return Standing(lines_of(error))


def budget_publish(*, actor: User, budget: Budget, now: datetime) -> Publication:
    """Put the budget in force into the open book. The second of two clicks gets the publication of the first.

    Raises RefusedError: "not-allowed"; "conflict" for a budget that is not approved, or changed meanwhile;
    "not-ready" with what its audit finds."""
    require(actor, "budget.publish", budget.unit)
    budget = Budget.objects.select_related("unit", "year", "approved").get(pk=budget.pk)
    if budget.state != State.PUBLISHED:
        workflow.after("publish", budget.state)
    # Composing takes its time: before the lock.
    version = budget.approved
    proof = proof_of(budget, ledger_in_force(budget))
    if proof.against:
        said = several("公开稿的核对还有问题：", "The audit of what would be published finds:", proof.against, 5)
        raise RefusedError("not-ready", *said)
    files = files_of(proof.draft)
    name = next(one for one in files if one.endswith(_FIRST))
    result = audit_of(name, files[name])
    with transaction.atomic():
        budget = locked(budget)
        require(actor, "budget.publish", budget.unit)
        if budget.state == State.PUBLISHED:
            made = published(budget)
            if made is not None and made.round.sha256 == hashlib.sha256(files[name]).hexdigest():
                return made
        else:
            budget.state = workflow.after("publish", budget.state)
        if budget.approved != version:
            raise RefusedError("conflict", "预算刚刚有变动；请再试一次。", "The budget has just changed: try again.")
        document = document_compiled(
            actor=actor, unit=budget.unit, year=budget.year.year, title=f"{budget.unit.name}{budget.year.year}年预算",
            name=name, data=files[name], result=result, now=now,
        )  # fmt: skip
        publication = explorer.publication_publish(actor=actor, document=document, now=now)
        for path, content in _beside(files, name).items():
            one = PublicationFile(publication=publication, name=path, size=len(content), sha256=hashlib.sha256(content).hexdigest())  # fmt: skip
            one.file.save(path, ContentFile(content), save=True)
        budget.moved_at = now
        budget.save(update_fields=["state", "moved_at"])
        tell(budget, "publish", actor, now)
        record(
            actor=actor, action="budget.publish", subject=budget, unit=budget.unit,
            data={"version": version.number if version else None, "edition": publication.edition, "files": sorted(files)},
        )  # fmt: skip
    return publication


def _beside(files: dict[str, bytes], first: str) -> dict[str, bytes]:
    """The files that are published beside the first; the open data as one archive, the same bytes every time."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in sorted(files.items()):
            if name.startswith("data/"):
                zipped.writestr(
                    zipfile.ZipInfo(name.removeprefix("data/"), (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
                )
    made = {name: content for name, content in files.items() if "/" not in name and name != first}
    return {**made, f"{first.removesuffix(_FIRST)}-data.zip": archive.getvalue()}
