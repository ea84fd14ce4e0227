"""Word documents: what the pages print."""

import pytest
from office_files import cell, docx, paragraph, row, run, table, zipped

from zhengwu.model.document import Grid
from zhengwu.reading import docx as reader
from zhengwu.reading.docx_numbering import format_number
from zhengwu.reading.errors import UnreadableError

_BR = "<w:r><w:br/></w:r>"
_BOX = "<w:txbxContent>{}</w:txbxContent>"
_DECIMAL = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
_CHINESE = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    '<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def blocks(body, **parts):
    return reader.read(docx(body, **parts)).blocks


def texts(found):
    return [b.text for b in found if not isinstance(b, Grid)]


def shape(grid):
    return [[(c.text, c.place.column, c.colspan, c.rowspan) for c in r] for r in grid.rows]


def numbered(text, level=0, list_id=1):
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return paragraph(text, properties=number)


def test_paragraph_of_several_runs_is_one_text():
    assert texts(blocks(paragraph("收入预算", "63,234,665.44", "元。"))) == ["收入预算63,234,665.44元。"]


def test_table_with_spans_gives_grid_columns():
    span = '<w:gridSpan w:val="2"/>'
    start, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        row(cell("科目", start), cell("合计", span)),
        row(cell("", go_on), "基本", "项目"),
        row("a", "1", "2"),
    )
    assert shape(blocks(body)[0]) == [
        [("科目", 1, 1, 2), ("合计", 2, 2, 1)],
        [("基本", 2, 1, 1), ("项目", 3, 1, 1)],
        [("a", 1, 1, 1), ("1", 2, 1, 1), ("2", 3, 1, 1)],
    ]


def test_row_with_grid_before_begins_in_a_later_column():
    body = table(row("a", "b", "c"), row("d", properties='<w:gridBefore w:val="2"/>'))
    assert shape(blocks(body)[0])[1] == [("d", 3, 1, 1)]


def test_horizontal_merge_of_old_files_is_a_span():
    body = table(row(cell("合计", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), "1"), row("a", "b", "c"))
    assert shape(blocks(body)[0])[0] == [("合计", 1, 2, 1), ("1", 3, 1, 1)]


def test_cell_of_several_paragraphs_keeps_their_line_ends():
    grid = blocks(table(row(cell(paragraph("项目") + paragraph("资金", _BR, "（万元）")), "1")))[0]
    assert grid.rows[0][0].text == "项目\n资金\n（万元）"


def test_cell_keeps_blanks_on_the_left():
    assert blocks(table(row("　其中：财政拨款 ", "1")))[0].rows[0][0].text == "　其中：财政拨款"


def test_layout_table_is_dissolved_into_its_cells():
    inner = table(row("a", "b"), row("c", "d"), row("e", "f"))
    found = blocks(table(row(cell(paragraph("标题") + inner + paragraph("说明")))))
    assert [type(b).__name__ for b in found] == ["Paragraph", "Grid", "Paragraph"]


def test_tiny_nested_table_becomes_text_of_its_cell():
    inner = table(row("数量", "3"))
    found = blocks(table(row("项目", "指标"), row("甲", cell(inner + "<w:p/>")), row("乙", "无"), row("丙", "无")))
    assert len(found) == 1
    assert found[0].rows[1][1].text == "数量 3"


def test_tables_split_by_hand_with_repeated_header_are_joined():
    header = row("项目", "金额")
    found = blocks(table(header, row("a", "1")) + table(header, row("b", "2")))
    assert [r[0].text for r in found[0].rows] == ["项目", "a", "b"]


def test_forms_that_share_only_their_title_stay_apart():
    title = row(cell("申报表", '<w:gridSpan w:val="2"/>'))
    assert len(blocks(table(title, row("名称", "甲")) + table(title, row("名称", "乙")))) == 2


def test_text_box_given_twice_is_read_once():
    choice = f'<mc:Choice Requires="wps"><w:drawing>{_BOX.format(paragraph("框内"))}</w:drawing></mc:Choice>'
    fallback = f"<mc:Fallback><w:pict>{_BOX.format(paragraph('框内'))}</w:pict></mc:Fallback>"
    body = paragraph("正文", f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>")
    assert texts(blocks(body)) == ["正文", "框内"]


def test_tracked_changes_are_read_as_accepted():
    body = paragraph("收入", f"<w:ins>{run('增加')}</w:ins>", "<w:del><w:r><w:delText>减少</w:delText></w:r></w:del>")
    body += table(row("a", "1"), row("b", "2", properties="<w:del/>"))
    found = blocks(body)
    assert texts(found) == ["收入增加"]
    assert len(found[1].rows) == 1


def test_deleted_paragraph_mark_joins_two_paragraphs():
    body = paragraph("前半", properties="<w:rPr><w:del/></w:rPr>") + paragraph("后半")
    assert texts(blocks(body)) == ["前半后半"]


def test_field_gives_its_result_only():
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("12") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert texts(blocks(paragraph("第", field, "页"))) == ["第12页"]


def test_wrapped_text_is_read_in_order():
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>"
    body = paragraph(
        "a", control, f"<w:hyperlink>{run('链接')}</w:hyperlink>", f"<w:smartTag>{run('标记')}</w:smartTag>"
    )
    whole = f"<w:sdt><w:sdtContent>{paragraph('目录')}</w:sdtContent></w:sdt>"
    assert texts(blocks(body + whole)) == ["a控件链接标记", "目录"]


def test_hidden_text_is_not_read():
    styles = '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = paragraph(run("藏", "<w:vanish/>"), run("隐", '<w:rStyle w:val="h"/>'), run("显", '<w:vanish w:val="0"/>'))
    assert texts(blocks(body, styles=styles)) == ["显"]


def test_special_characters_are_read():
    body = paragraph("a", "<w:r><w:noBreakHyphen/></w:r>", '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "是")
    assert texts(blocks(body)) == ["a-☑是"]


def test_manual_line_break_outside_tables_parts_paragraphs():
    assert texts(blocks(paragraph("一、职责", _BR, "二、机构"))) == ["一、职责", "二、机构"]


def test_automatic_numbers_are_printed_in_front():
    body = numbered("职责") + numbered("主要", 1) + numbered("内设", 1) + numbered("机构") + numbered("人员", 1)
    assert texts(blocks(body, numbering=_CHINESE)) == [
        "一、职责",
        "（一）主要",
        "（二）内设",
        "二、机构",
        "（一）人员",
    ]


def test_automatic_number_from_a_style_is_printed():
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
        "</w:style>"
        '<w:style w:type="paragraph" w:styleId="2"><w:basedOn w:val="1"/></w:style>'
    )
    body = paragraph("甲", properties='<w:pStyle w:val="2"/>')
    body += paragraph("乙", properties='<w:pStyle w:val="2"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert texts(blocks(body, numbering=_CHINESE, styles=styles)) == ["一、甲", "乙"]


def test_automatic_number_restarts_where_the_list_says():
    numbering = (
        f'<w:abstractNum w:abstractNumId="0">{_DECIMAL}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    body = numbered("甲") + numbered("乙") + numbered("丙", list_id=2)
    assert texts(blocks(body, numbering=numbering)) == ["1.甲", "2.乙", "1.丙"]


def test_automatic_number_in_an_empty_cell_is_its_text():
    body = table(row(cell(numbered("")), "甲"), row(cell(numbered("")), "乙"))
    assert [r[0].text for r in blocks(body, numbering=_CHINESE)[0].rows] == ["一、", "二、"]


@pytest.mark.parametrize(
    ("number", "style", "printed"),
    [
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (105, "chineseCounting", "一百零五"),
        (3, "chineseLegalSimplified", "叁"),
        (2, "ideographTraditional", "乙"),
        (12, "decimalEnclosedCircle", "⑫"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (7, "decimalZero", "07"),
    ],
)
def test_number_in_a_word_format_prints_as_in_word(number, style, printed):
    assert format_number(number, style) == printed


def test_footnotes_follow_at_the_end():
    line = f'<w:footnote w:type="separator">{paragraph("线")}</w:footnote>'
    footnotes = f"{line}<w:footnote>{paragraph('注释')}</w:footnote>"
    assert texts(blocks(paragraph("正文"), footnotes=footnotes)) == ["正文", "注释"]


def test_picture_is_named_as_unread():
    content = reader.read(docx(paragraph("图：", "<w:r><w:drawing><a:blip/></w:drawing></w:r>")))
    assert [u.reason.en.startswith("a picture") for u in content.unread] == [True]


def test_places_count_paragraphs_and_cells():
    found = blocks(paragraph("a") + table(row("b", "c"), row("d", "e")) + paragraph("f"))
    assert found[1].rows[1][0].place[:4] == (None, 4, 2, 1)
    assert found[2].place.line == 6


def test_document_in_the_strict_namespace_reads_the_same():
    xml = (
        '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r><w:t>预算</w:t>'
        "</w:r></w:p></w:body></w:document>"
    )
    assert reader.read(zipped({"word/document.xml": xml})).blocks[0].text == "预算"


def test_document_without_body_is_refused():
    with pytest.raises(UnreadableError) as caught:
        reader.read(zipped({"word/document.xml": f'<w:document xmlns:w="{"x"}"/>'}))
    assert caught.value.code == "no-body"
