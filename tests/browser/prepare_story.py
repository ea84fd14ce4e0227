"""An almost empty platform for the story of a budget: ``python -m tests.browser.prepare_story`` adds the people, and
prints what the story needs: in Chinese the example department of 2021, in English another one a year later."""

import base64
import json
import os
from decimal import Decimal

import django

THREE_PUBLIC = ("30212", "30217", "30231", "31013")  # a change of these needs a reason of its own


def main() -> None:
    """Migrate, add, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengwu.web.settings")
    django.setup()
    from django.core.management import call_command

    from tests.browser.documents import ROOT
    from zhengwu.ledger.codes import pairs
    from zhengwu.ledger.load import load
    from zhengwu.ledger.template import workbook_of
    from zhengwu.web.common.models import Role, Unit
    from zhengwu.web.common.services import person_add_by_operator
    from zhengwu.web.explorer import demo

    call_command("migrate", verbosity=0)
    example = load(ROOT / "examples" / "xicheng-2021")
    other = demo.later(demo.elsewhere(example), lambda line: Decimal("1.03"))
    password = os.environ["ZHENGWU_DEMO_PASSWORD"]

    def person(name: str, role: Role, unit: Unit | None = None) -> None:
        person_add_by_operator(username=name, name=f"示例{name}", role=str(role), unit=unit, password=password)

    person("reviewer", Role.REVIEWER)
    made = {}
    for language, ledger in (("zh", example), ("en", other)):
        unit = Unit.objects.create(code=ledger.budget.code, name=ledger.budget.name)
        person(f"officer-{language}", Role.OFFICER, unit)
        person(f"head-{language}", Role.HEAD, unit)
        year = ledger.budget.year + 1
        made[language] = {
            "unit": unit.code, "name": unit.name, "year": year,
            "workbook": base64.b64encode(workbook_of(ledger, language)).decode(),
            "pairs": [
                (one.government, one.departmental) for one in pairs(year, "agency")
                if one.certain and one.departmental not in THREE_PUBLIC
            ][:40],
        }  # fmt: skip
    print(json.dumps(made, ensure_ascii=False))


if __name__ == "__main__":
    main()
