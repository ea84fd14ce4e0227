"""Numbering of headings."""

from tests.support.documents import HEAD, findings, state

CODE = "numbering-skips"


def test_skipped_number_is_found_with_both_headings():
    (finding,) = findings(HEAD + "一、主要职能\n二、机构设置\n四、名词解释", CODE)
    assert [spot.quote for spot in finding.at] == ["四、名词解释", "二、机构设置"]


def test_repeated_number_is_found():
    assert findings(HEAD + "（一）收入情况\n（二）支出情况\n（二）结余情况", CODE)


def test_consecutive_numbers_hold():
    assert state(HEAD + "一、主要职能\n（一）职责\n（二）机构\n二、收支情况\n（一）收入\n（二）支出", CODE) == "held"


def test_sequence_that_begins_anew_holds():
    assert state(HEAD + "一、主要职能\n二、机构设置\n第二部分 报表\n一、收支总表\n二、收入总表", CODE) == "held"


def test_numbers_past_ten_hold():
    text = "\n".join(
        f"{number}、第{number}项说明"
        for number in ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
    )
    assert state(HEAD + text, CODE) == "held"


def test_document_without_numbered_headings_is_not_applicable():
    assert state(HEAD + "本部门负责政务服务。", CODE) == "not-applicable"
