"""The table of contents against the document."""

from tests.support.documents import HEAD, findings, state

CODE = "contents-differ-from-body"
CONTENTS = HEAD + "目 录\n一、主要职能……1\n二、机构设置……2\n三、名词解释……3\n"


def test_entry_without_a_heading_is_found():
    (finding,) = findings(CONTENTS + "一、主要职能\n本部门负责政务服务。\n二、机构设置\n设五个科室。", CODE)
    assert finding.at[0].quote == "三、名词解释"


def test_entries_that_all_come_hold():
    body = "一、主要职能\n负责政务服务。\n二、机构设置\n设五个科室。\n三、名词解释\n机关运行经费是公用经费。"
    assert state(CONTENTS + body, CODE) == "held"


def test_entry_in_other_words_holds():
    body = "某某局主要职能\n负责政务服务。\n某某局机构设置情况\n设五个科室。\n名词解释\n机关运行经费是公用经费。"
    assert state(CONTENTS + body, CODE) == "held"


def test_document_without_contents_is_not_applicable():
    assert state(HEAD + "一、主要职能\n负责政务服务。", CODE) == "not-applicable"
