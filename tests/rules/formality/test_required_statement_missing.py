"""Statements that every disclosure makes."""

from tests.support.documents import HEAD, findings, state

CODE = "required-statement-missing"
FULL = [
    "本部门的主要职能是政务服务。", "机构设置：设五个科室。", "“三公”经费预算0元。", "机关运行经费10元。",
    "政府采购预算0元。", "共有车辆0辆。", "申报绩效目标的项目1个。", "名词解释：基本支出是指保障运转的支出。",
]  # fmt: skip


def test_full_narrative_holds():
    assert state(HEAD + "\n".join(FULL), CODE) == "held"


def test_missing_statement_is_named():
    (finding,) = findings(HEAD + "\n".join(FULL[:5] + FULL[6:]), CODE)
    assert "国有资产" in finding.message.zh


def test_extract_is_not_applicable():
    assert state(HEAD + "\n".join(FULL[:3]), CODE) == "not-applicable"


def test_entry_of_the_contents_is_no_statement():
    assert findings(HEAD + "五、国有资产占用情况……9\n" + "\n".join(FULL[:5] + FULL[6:]), CODE)
