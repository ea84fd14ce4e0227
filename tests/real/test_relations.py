"""Every relation that a budget must satisfy (勾稽关系) is evaluated on the real documents."""

from collections import Counter
from pathlib import Path

import pytest

from zhengwu.reading import read_path
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import audit
from zhengwu.rules.registry import rules

REAL = Path(__file__).parents[2].parent / "shared" / "real"
DOCUMENTS = (
    "xicheng-2021-budget.txt",
    "govoffice-2025-budget.pdf",
    "govoffice-unit-2025-budget.pdf",
    "finance-2024-final-seeded-errors.pdf",
)
# The relation as the field names it, and the rules that evaluate it.
RELATIONS = {
    "行合计 = 各列之和": ("row-total-differs-from-its-columns",),
    "上级科目 = 下级科目之和": ("code-differs-from-codes-below",),
    "合计 = 各类之和": ("total-differs-from-its-items",),
    "收入 = 支出": ("income-differs-from-expenditure",),
    "一.x = 二.x = 三.x = 四.x": ("same-amount-printed-differently",),
    "三、五、六 = 九的汇总": ("amount-differs-from-detail",),
    "总数 = 分布在各处的部分": ("whole-differs-from-parts-elsewhere",),
    "七 ≥ 六的同类款": ("three-public-below-basic",),
    "十 ⊂ 九": ("purchase-not-in-detail",),
    "十三 = 九的项目": ("form-funds-differ-from-project",),
    "资金总额 = 各来源之和": ("form-funds-do-not-add-up",),
    "成本指标 = 资金总额": ("form-costs-differ-from-funds",),
    "目录 = 目标表": ("directory-differs-from-forms",),
    "涉及资金 = 目标表之和": ("target-funds-differ-from-forms",),
    "文字占比": ("stated-share-differs",),
    "文字增减额、增减率": ("stated-change-differs", "stated-rate-differs"),
    "文字持平": ("said-equal-but-differs",),
    "文字计数": ("stated-count-differs",),
    "文字其中": ("enumerated-parts-exceed-whole",),
    "完成率": ("completion-rate-differs",),
    "科目名称 = 编码": ("name-does-not-match-code",),
    "应公开的表": ("required-table-missing",),
}

pytestmark = pytest.mark.skipif(
    not (REAL / DOCUMENTS[0]).exists(), reason=f"the real documents are not there: {REAL.name}/{DOCUMENTS[0]}"
)


@pytest.fixture(scope="module")
def evaluated():
    counts = Counter()
    for name in DOCUMENTS:
        for run in audit(understand(read_path(REAL / name))).runs:
            counts[run.rule] += run.relations
    return counts


@pytest.mark.parametrize("relation", RELATIONS)
def test_relation_is_evaluated_on_real_documents(evaluated, relation):
    numbers = {code: evaluated[code] for code in RELATIONS[relation]}
    assert all(numbers.values()), numbers


def test_relations_are_rules_that_exist():
    assert {code for codes in RELATIONS.values() for code in codes} <= {rule.code for rule in rules()}
