"""Fills a data folder with the demonstration and with documents in every state: ``python -m tests.browser.prepare``.

Prints, as JSON, what the tests need to know of it. Runs in a process of its own: Playwright and Django's ORM do not
share a thread.
"""

import io
import json
import os
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import django

from tests.browser import budgets


def main() -> None:
    """Migrate, fill, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengwu.web.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("demo_data", stdout=io.StringIO())
    password = os.environ["ZHENGWU_DEMO_PASSWORD"]
    print(json.dumps(_fill(password) | budgets.fill(password), ensure_ascii=False))


def _fill(password: str) -> dict[str, Any]:
    """Every state of a document that no demonstration has, and a person with a second step."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from tests.browser import documents
    from zhengwu.ledger.load import load
    from zhengwu.web.budgets.models import Budget
    from zhengwu.web.common import sessions
    from zhengwu.web.common.models import Role, Unit, User
    from zhengwu.web.common.services import person_add_by_operator
    from zhengwu.web.explorer import demo
    from zhengwu.web.explorer import services as explorer
    from zhengwu.web.reviews import decisions, jobs, services
    from zhengwu.web.reviews.models import Document, Round
    from zhengwu.web.reviews.uploads import document_upload

    reviewer = User.objects.get(username="reviewer")
    units = {}
    for number, name in enumerate(("东", "西", "南", "北"), 1):
        units[name] = Unit.objects.create(code=f"99010{number}", name=f"示例{name}区政务服务管理局")
    for name, code in (
        ("北京市西城区政务服务管理局", "990201"), ("上海市普陀区财政局", "990202"),
        ("上海市普陀区人民政府办公室", "990203"),
    ):  # fmt: skip
        Unit.objects.create(code=code, name=name)
    for username, unit in (("officer-zh", units["东"]), ("officer-en", units["西"]), ("officer-south", units["南"])):
        person_add_by_operator(username=username, name="示例经办", role=str(Role.OFFICER), unit=unit, password=password)

    def uploaded(name: str, content: bytes, unit: Unit | None = None, document: Document | None = None) -> Round:
        file = SimpleUploadedFile(name, content)
        done = document_upload(actor=reviewer, files=[file], unit=unit, document=document, now=timezone.now())
        jobs.run_pending()
        return Round.objects.select_related("document").get(pk=done.rounds[0].pk)

    def published(name: str, content: bytes, unit: Unit, year: int, document: Document | None = None) -> Document:
        made = uploaded(name, content, unit, document).document
        if document is None:
            made = services.document_confirm(actor=reviewer, document=made, unit=unit, year=year, kind="budget")
        made = services.document_close(actor=reviewer, document=made)
        explorer.publication_publish(actor=reviewer, document=made, now=timezone.now())
        return made

    # Two rounds, with decisions, a comment, somebody to do it and a day.
    first = uploaded("2021年部门预算.docx", documents.faulty(units["南"].name))
    walked = services.document_confirm(
        actor=reviewer, document=first.document, unit=units["南"], year=2021, kind="budget"
    )
    findings = list(first.findings.order_by("position"))
    now = timezone.now()
    decided = (("accepted", ""), ("accepted", ""), ("dismissed", "已核对原始文件，数额无误。"))
    for finding, (decision, reason) in zip(findings, decided, strict=False):
        decisions.finding_decide(
            actor=reviewer, finding=finding, decision=decision, reason=reason, revision=finding.revision, now=now
        )
    decisions.finding_comment(actor=reviewer, finding=findings[0], text="请单位核对2020年决算。")
    decisions.finding_assign(actor=reviewer, finding=findings[0], to=User.objects.get(username="officer-south"))
    services.document_return(actor=reviewer, document=walked, reason="请修改标出的问题，\n然后重新上传。")
    second = uploaded("2021年部门预算修改稿.docx", documents.mended(units["南"].name), document=walked)
    services.document_assign(actor=reviewer, document=walked, to=reviewer, due=date.today() - timedelta(days=1))

    # A PDF under review, one returned, one that cannot be read, one that is being audited by another worker.
    ledger = demo.as_example(load(documents.ROOT / "examples" / "xicheng-2021"))
    north = ledger._replace(budget=ledger.budget._replace(name=units["北"].name))
    pdf = uploaded("2021年部门预算.pdf", documents.faulty_pdf(north), units["北"]).document
    pdf = services.document_confirm(actor=reviewer, document=pdf, unit=units["北"], year=2021, kind="budget")
    returned = uploaded("2022年部门预算.docx", documents.faulty(units["北"].name)).document
    returned = services.document_confirm(actor=reviewer, document=returned, unit=units["北"], year=2022, kind="budget")
    services.document_return(actor=reviewer, document=returned, reason="请修改。")
    broken = uploaded("2021年部门预算扫描件.pdf", b"%PDF-1.7\nnothing that could be read\n%%EOF", units["北"]).document
    running = uploaded("2023年部门预算送审稿.docx", documents.faulty("示例中区政务服务管理局"), units["北"])
    Round.objects.filter(pk=running.pk).update(job="running", lease_until=now + timedelta(days=1), attempts=1)
    Document.objects.filter(pk=running.document_id).update(state="received")

    # Two editions, and a document whose review is done.
    after = demo.later(north, lambda _line: Decimal("1.02"))
    files = {form: _file(units["南"], after, form) for form in ("docx", "html")}
    editions = published("2022年部门预算.docx", files["docx"], units["南"], 2022)
    published("2022年部门预算（更正）.html", files["html"], units["南"], 2022, editions)
    done = uploaded(
        "2023年部门预算.docx", _file(units["南"], demo.later(after, lambda _line: Decimal("0.97")), "docx")
    ).document
    done = services.document_confirm(actor=reviewer, document=done, unit=units["南"], year=2023, kind="budget")
    services.document_close(actor=reviewer, document=done)

    coded = person_add_by_operator(
        username="coded", name="示例两步", role=str(Role.AUDITOR), unit=None, password=password
    )
    device = sessions.second_step_begin(actor=coded)
    compiling = Budget.objects.get(unit__code=demo.FICTIONAL_CODE, year__year=2024)
    # Not by a code, so that the present one is left for the test.
    device.confirmed = True
    device.save()
    return {
        "walked": walked.pk, "finding": findings[0].position, "second": second.number, "pdf": pdf.pk,
        "returned": returned.pk, "broken": broken.pk, "running": running.document_id, "done": done.pk,
        "editions": units["南"].code, "confirming": Document.objects.get(rounds__name="faulty-budget.docx").pk,
        "published": Document.objects.filter(state="published").order_by("pk").first().pk,
        "budget": compiling.pk, "compiling": compiling.unit_id, "project": compiling.unit.projects.first().pk,
        "person": reviewer.pk, "unit": units["南"].pk, "key": device.key,
    }  # fmt: skip


def _file(unit: Any, ledger: Any, form: str) -> bytes:
    """A clean budget of ``unit``."""
    from zhengwu.dialects import dialects
    from zhengwu.publishing.publish import draft_of, files_of

    named = ledger._replace(budget=ledger.budget._replace(name=unit.name))
    dialect = next(one for one in dialects() if one.key == named.budget.dialect)
    return next(iter(files_of(draft_of(named, dialect), (form,)).values()))


if __name__ == "__main__":
    main()
