"""What changes the open book: publishing a reviewed document, making and revoking tokens."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.message import RefusedError
from zhengwu.reading import read
from zhengwu.recognition.understand import understand
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import may, require
from zhengwu.web.common.trail import record
from zhengwu.web.explorer.models import ApiToken, Publication, PublishedFact, PublishedProject, Scope
from zhengwu.web.explorer.parts import parts_of
from zhengwu.web.reviews import services as reviews
from zhengwu.web.reviews.models import Document, DocumentState, JobState, Round

_LARGEST = Decimal(10) ** 19  # what the column of a value holds
_TOKENS_EACH = 20


def publication_publish(*, actor: User, document: Document, now: datetime) -> Publication:
    """Put the last round of a reviewed document into the open book; the edition before it stays, superseded.

    The second of two clicks gets the publication of the first. Raises RefusedError "not-allowed" or "conflict"."""
    require(actor, "document.publish", document.unit)
    latest = document.rounds.order_by("-number").first()
    # Reading takes its time: before the lock. Rounds are never changed once audited, so it stays true within.
    ready = document.state == DocumentState.DONE and latest is not None and latest.job == JobState.DONE
    understood = _understood(latest) if ready else None
    with transaction.atomic():
        document = (
            Document.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=document.pk)
        )
        require(actor, "document.publish", document.unit)
        made = Publication.objects.filter(round__document=document, superseded_at__isnull=True).first()
        if document.state == DocumentState.PUBLISHED and made is not None:
            return made
        last = document.rounds.order_by("-number").first()
        if document.state != DocumentState.DONE or last is None or last != latest or understood is None:
            raise RefusedError(
                "conflict",
                "只有审核完毕的文件才能公开；请先完成审核。",
                "Only a document whose review is done can be published; finish the review first.",
            )
        if document.unit is None or document.year is None or not document.kind:
            raise RefusedError(
                "conflict",
                "文件的单位、年度或类型还没有确认，不能公开；请先确认。",
                "The document's unit, year or kind is not confirmed; confirm them before publishing.",
            )
        same = Publication.objects.filter(unit=document.unit, year=document.year, kind=document.kind)
        before = same.order_by("-edition").first()
        same.filter(superseded_at__isnull=True).update(superseded_at=now)
        publication = Publication.objects.create(
            round=last,
            unit=document.unit,
            year=document.year,
            kind=document.kind,
            edition=before.edition + 1 if before else 1,
            # A document is called like its file until here; readers look for the unit and the year.
            title=f"{document.unit.name}{document.year}年{'决算' if document.kind == 'final' else '预算'}"[:200],
            published_at=now,
            published_by=actor,
            total=_total(understood),
            parts=len(parts_of(last.reading)),
        )
        PublishedFact.objects.bulk_create(_facts(publication, understood), batch_size=500)
        PublishedProject.objects.bulk_create(_projects(publication, understood), batch_size=500)
        reviews.document_mark_published(actor=actor, document=document)
        record(
            actor=actor,
            action="publication.publish",
            subject=publication,
            unit=document.unit,
            data={"document": document.pk, "round": last.number, "edition": publication.edition, "sha256": last.sha256},
        )
    return publication


def _understood(latest: Round) -> Disclosure:
    with latest.file.open("rb") as stream:
        return understand(read(stream.read(), latest.name))


def _facts(publication: Publication, understood: Disclosure) -> list[PublishedFact]:
    """All facts with an identity; a number too large for money is a misreading and stays in the page alone."""
    found = []
    for fact in understood.facts:
        if fact.identity is None or fact.document or abs(fact.value) >= _LARGEST:
            continue
        one = fact.identity
        found.append(
            PublishedFact(
                publication=publication,
                measure=one.measure[:40], year=one.year, stage=one.stage[:20], function=one.function[:10],
                government=one.government[:10], departmental=one.departmental[:10], fund=one.fund[:40],
                nature=one.nature[:20], item=one.item[:300], aspect=one.aspect[:40],
                value=round(fact.value, 4), unit=fact.unit[:10], quote=fact.quote[:80], label=fact.label[:300],
                table=fact.table, row=fact.place.row, column=fact.place.column,
                page=fact.place.page, line=fact.place.line,
            )
        )  # fmt: skip
    return found


def _total(understood: Disclosure) -> Decimal | None:
    """Total expenditure as a table prints it: for lists, so that they need no facts."""
    for measure in ("expenditure", "outflow"):
        whole = Identity(measure, understood.year or 0, understood.kind or "budget")
        for fact in understood.facts:
            if fact.identity == whole and fact.table >= 0 and fact.unit != "%" and abs(fact.value) < _LARGEST:
                return round(fact.value, 2)
    return None


def _projects(publication: Publication, understood: Disclosure) -> list[PublishedProject]:
    """The projects of the detail lines, summed, and those that a target form alone names."""
    found: dict[str, PublishedProject] = {}
    for line in understood.lines:
        name = " ".join(line.project.split())
        if name and not line.basic:
            _project(found, publication, name, line.fact, count=1)
    for form in understood.forms:
        name = " ".join(form.project.split())
        fact = form.funds.get(("annual", "total"))
        # The form of the whole department is named after it: no project.
        whole = understood.tables[form.table].kind == "whole_target"
        if name and not whole and name not in found:
            _project(found, publication, name, fact, count=0)
            found[name].table, found[name].row = form.table, form.project_place.row
            found[name].column = form.project_place.column
    return list(found.values())


def _project(
    found: dict[str, PublishedProject], publication: Publication, name: str, fact: Fact | None, *, count: int
) -> None:
    amount = round(fact.value, 2) if fact is not None and abs(fact.value) < _LARGEST else None
    known = found.get(name)
    if known is not None:
        known.amount = None if known.amount is None or amount is None else known.amount + amount
        known.lines += count
        return
    place = fact.place if fact is not None else None
    found[name] = PublishedProject(
        publication=publication, name=name[:300], amount=amount, lines=count, table=fact.table if fact else -1,
        row=place.row if place else None, column=place.column if place else None,
    )  # fmt: skip


def token_create(
    *, actor: User, name: str, scopes: Sequence[str], expires_at: datetime | None, now: datetime
) -> tuple[ApiToken, str]:
    """A new token of the actor's and its secret, which is told this once. Raises RefusedError "not-allowed",
    "invalid" for unknown scopes or an end in the past, "too-many" beyond 20 that are in use."""
    _signed_in(actor)
    if not name.strip() or not scopes or not set(scopes) <= set(Scope.values):
        raise RefusedError("invalid", "请填写名称并至少选择一项权限。", "Give a name and choose at least one scope.")
    if expires_at is not None and expires_at <= now:
        raise RefusedError("invalid", "到期时间必须晚于现在。", "The token must expire later than now.")
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        if actor.api_tokens.filter(revoked_at__isnull=True).count() >= _TOKENS_EACH:
            raise RefusedError(
                "too-many",
                f"每人最多 {_TOKENS_EACH} 个有效令牌；请先停用不再使用的。",
                f"At most {_TOKENS_EACH} tokens each; revoke those no longer needed.",
            )
        token = ApiToken.objects.create(
            owner=actor,
            name=name.strip()[:80],
            prefix=secrets.token_hex(5),
            digest=digest_of(secret),
            scopes=sorted(set(scopes)),
            created_at=now,
            expires_at=expires_at,
        )
        record(
            actor=actor,
            action="token.create",
            subject=token,
            unit=actor.unit,
            data={"prefix": token.prefix, "scopes": token.scopes, "expires_at": expires_at},
        )
    return token, f"zw_{token.prefix}_{secret}"


def token_revoke(*, actor: User, token: ApiToken, now: datetime) -> ApiToken:
    """End a token: one's own, or anybody's for who manages people. Revoking again changes nothing."""
    _signed_in(actor)
    if token.owner_id != actor.pk and not may(actor, "people.manage"):
        raise RefusedError("not-allowed", "只能停用自己的令牌。", "Only your own tokens can be revoked.")
    with transaction.atomic():
        token = ApiToken.objects.select_for_update(no_key=True).get(pk=token.pk)
        if token.revoked_at is None:
            token.revoked_at = now
            token.save(update_fields=["revoked_at"])
            record(actor=actor, action="token.revoke", subject=token, unit=actor.unit, data={"prefix": token.prefix})
    return token


def digest_of(secret: str) -> str:
    """What is kept of a token's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _signed_in(actor: object) -> None:
    if not isinstance(actor, User) or not actor.is_active:
        raise RefusedError("not-allowed", "请先登录。", "Sign in first.")
