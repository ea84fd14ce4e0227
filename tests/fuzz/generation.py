"""Strange but well-formed documents: random tables, spans, numbers, titles, characters, cells of great length."""

import html
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz import excel97
from tests.reading import office_files, pdf_writer


class Box(NamedTuple):
    """A cell: its text and how many columns and rows it says it takes."""

    text: str
    columns: int = 1
    rows: int = 1


class Part(NamedTuple):
    """A paragraph (with text) or a table (with rows)."""

    text: str = ""
    rows: tuple[tuple[Box, ...], ...] = ()


_WORDS = (
    *(
        "2021年部门预算",
        "2023年度部门决算",
        "表一：收支总表",
        "二、部门收入总体情况表",
        "表三：支出预算总表",
        "目录",
        "附件",
    ),
    *(
        "一般公共预算财政拨款支出表",
        "“三公”经费支出表",
        "政府性基金预算",
        "项目支出绩效目标表",
        "国有资本经营预算",
        "附表",
        "项",
    ),
    *(
        "单位：万元",
        "单位：元",
        "金额单位:",
        "科目编码",
        "科目名称",
        "合计",
        "总计",
        "小计",
        "其中：",
        "收入",
        "支出",
        "类",
        "款",
        "目",
    ),
    *(
        "基本支出",
        "项目支出",
        "人员经费",
        "公用经费",
        "本年收入合计",
        "上年结转",
        "年末结转和结余",
        "201",
        "20101",
        "2010101",
    ),
    *(
        "一、",
        "（一）",
        "1.",
        "（1）",
        "①",
        "第一部分",
        "说明：",
        "注：",
        "比上年增加",
        "减少",
        "增长",
        "下降",
        "占",
        "主要原因是",
    ),
    *(
        "一般公共服务支出",
        "教育支出",
        "205",
        "30201",
        "办公费",
        "工资福利支出",
        "公务用车购置及运行费",
        "因公出国（境）",
        "万元",
        "元",
        "%",
    ),
)
_NUMBERS = (
    *(
        "0",
        "-0",
        "0.00",
        "1,234.56",
        "1，234．56",
        "（1,234.50）",
        "(5)",
        "-",
        "—",
        "－1.5",
        "+3",
        "−7",
        "１２３",
        "1e400",
        "1E-400",
    ),
    *(
        "9" * 50,
        "0." + "0" * 40 + "1",
        "1,2,3",
        "12.3.4",
        "100%",
        "-100.00%",
        "百分之五",
        "NaN",
        "Infinity",
        "∞",
        "½",
        "²",
        "㊀",
        "١٢٣",
    ),
    *(
        "63,234,665.44",
        "100.00",
        "壹佰万元整",
        "1 000",
        "1\u00a0000",
        "1.",
        ".5",
        "00000",
        "1/0",
        "0%",
        "9" * 5000,
        "1," * 400,
    ),
)
_ODD = (
    *(
        "\x00",
        "\x07",
        "\x0b",
        "\x0c",
        "\x1f",
        "\x7f",
        "\x85",
        "\u200b",
        "\u200f",
        "\u202e预算",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "\ud800",
        "\udfff",
    ),
    *(
        "مرحبا",
        "𠮷",
        "👩‍👩‍👧",
        "e\u0301" * 20,
        "\t",
        "\r\n",
        "   ",
        "\u3000",
        "㈠",
        "Ⅳ",
        "\U0010ffff",
        "%s%n",
        "{0}",
        "\\n",
        "&amp;",
        "]]>",
        "<td>",
    ),
)
_LONG = (
    *(
        "比上年增加",
        "1,",
        "9",
        "（",
        "“",
        "、",
        "2021年",
        "其中：",
        "表一",
        "占",
        "　",
        "0.1万元，",
        "一、",
        "比2020年增加1万元，增长2%；",
    ),
    *(
        "基本支出1元，占3%，",
        "其中：甲1元、",
        "(((",
        "…",
        "A",
        "减少减少",
        "0万元比0万元",
        "财政拨款收入",
        "……表",
        "年预算数",
        "1.1",
        "-",
    ),
)
_piece = st.one_of(st.sampled_from(_WORDS), st.sampled_from(_NUMBERS), st.sampled_from(_ODD))
_short = st.lists(_piece, min_size=0, max_size=3).map("".join)
_sentence = st.lists(st.one_of(_piece, st.sampled_from("，。；：、（）%")), min_size=3, max_size=25).map("".join)
_long = st.builds(lambda text, times: text * times, st.sampled_from(_LONG), st.sampled_from((300, 3000, 30_000)))
_free = st.text(max_size=30)
_text = st.integers(0, 99).flatmap(lambda n: _long if n < 1 else _free if n < 8 else _sentence if n < 20 else _short)
_span = st.integers(0, 49).flatmap(lambda n: st.sampled_from((0, -1, 2, 3, 100)) if n < 5 else st.just(1))
_number = st.one_of(st.sampled_from(_NUMBERS[:12]), st.integers(0, 10**9).map(lambda n: f"{n / 100:,.2f}"))
_box = st.builds(Box, st.one_of(_number, _text), _span, _span)
_free_table = st.lists(st.lists(_box, max_size=8).map(tuple), max_size=12).map(tuple)


def _plain_table(names: list[str], width: int, numbers: list[str]) -> tuple[tuple[Box, ...], ...]:
    head = ("科目编码", "科目名称", "合计", "基本支出", "项目支出", "备注")[:width]
    rows = [tuple(Box(text) for text in head)]
    for index, name in enumerate(names):
        values = [numbers[(index * 3 + column) % len(numbers)] for column in range(max(0, width - 2))]
        rows.append(tuple(Box(text) for text in ("201" + "01" * (index % 3), name, *values)[:width]))
    return tuple(rows)


_table = st.one_of(
    _free_table,
    st.builds(
        _plain_table, st.lists(_short, max_size=15), st.integers(1, 6), st.lists(_number, min_size=1, max_size=9)
    ),
)
_part = st.one_of(
    st.builds(Part, st.sampled_from(_WORDS)),
    st.builds(Part, _text),
    st.builds(Part, _sentence),
    st.builds(lambda rows: Part(rows=rows), _table),
)
_document = st.lists(_part, min_size=1, max_size=12).map(lambda parts: [Part("某局2021年部门预算"), *parts])


def generated(form: str, count: int, number: int) -> list[bytes]:
    """``count`` documents of a format; ``number`` is the seed."""
    made: list[bytes] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(_document)
    def take(parts: list[Part]) -> None:
        if len(made) < count:
            made.append(written(form, parts))

    take()
    while len(made) < count:  # hypothesis may run out of new ones
        made.append(made[len(made) % max(1, len(made) // 2)])
    return made


def written(form: str, parts: Sequence[Part]) -> bytes:
    """The parts as a document of ``form``, without regard to what the format allows."""
    return {"txt": _txt, "docx": _docx, "html": _html, "xlsx": _xlsx, "xls": _xls, "pdf": _pdf}[form](parts)


def _txt(parts: Sequence[Part]) -> bytes:
    lines: list[str] = []
    for part in parts:
        if part.rows:
            for row in part.rows:  # as Word exports it: a cell a line, the first of a row begins with a tab
                lines += [("\t" if index == 0 else "") + box.text for index, box in enumerate(row)]
            lines.append("")
        lines.append(part.text)
    text = "\n".join(lines)
    if any("\ud800" <= character <= "\udfff" for character in text):
        return b"\xff\xfe" + text.encode("utf-16-le", "surrogatepass")
    return text.encode("gb18030" if len(text) % 2 else "utf-8")


def _escaped(text: str) -> str:
    """Text for XML; what XML forbids mostly left out, now and then left in."""
    if len(text) % 7:
        text = "".join(c for c in text if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    return html.escape(text, quote=False)


def _joined(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _docx(parts: Sequence[Part]) -> bytes:
    body: list[str] = []
    for part in parts:
        if not part.rows:
            body.append(office_files.paragraph(office_files.run(_escaped(part.text))))
            continue
        rows = []
        for row in part.rows:
            cells = []
            for box in row:
                merge = {0: "<w:vMerge/>", -1: '<w:vMerge w:val="x"/>', 1: ""}.get(
                    box.rows, '<w:vMerge w:val="restart"/>'
                )
                span = f'<w:gridSpan w:val="{box.columns}"/>' if box.columns != 1 else ""
                cells.append(
                    office_files.cell(office_files.paragraph(office_files.run(_escaped(box.text))), span + merge)
                )
            rows.append(office_files.row(*cells))
        body.append(office_files.table(*rows))
    inside = "".join(body)
    document = f'<w:document xmlns:w="{office_files.W_NS}"><w:body>{inside}</w:body></w:document>'
    return office_files.zipped({"word/document.xml": _joined(document)})


def _html(parts: Sequence[Part]) -> bytes:
    made: list[str] = ["<html><meta charset=utf-8><body>"]
    for number, part in enumerate(parts):
        if not part.rows:
            made.append(f"<p>{_marked(part.text)}</p>" if number % 5 else f"<div><p>{_marked(part.text)}<div>")
            continue
        rows = "".join(
            "<tr>" + "".join(f"<td colspan={b.columns} rowspan={b.rows}>{_marked(b.text)}</td>" for b in row) + "</tr>"
            for row in part.rows
        )
        made.append(f"<table>{rows}</table>" if number % 7 else f"<table><tr><td><table>{rows}</table>")
    return _joined("".join(made))


def _marked(text: str) -> str:
    return "".join(f"&#{ord(c)};" if c < " " or "\ud800" <= c <= "\udfff" else html.escape(c) for c in text)


def _sheet_rows(parts: Sequence[Part]) -> list[list[str | float | None]]:
    rows: list[list[str | float | None]] = []
    for part in parts:
        if not part.rows:
            rows += [[part.text or None], []]
        for row in part.rows:
            line: list[str | float | None] = []
            for box in row:
                line.append(_number_or_text(box.text))
                line += [None] * max(0, min(3, box.columns - 1))
            rows.append(line[:26])
    return rows


def _number_or_text(text: str) -> str | float | None:
    if not text:
        return None
    try:
        return float(text.replace(",", "")) if len(text) % 3 and text.isascii() else text
    except ValueError:
        return text


def _xlsx(parts: Sequence[Part]) -> bytes:
    rows = [[_sheet_text(v) if isinstance(v, str) else v for v in row] for row in _sheet_rows(parts)]
    merged = "".join(
        f'<mergeCell ref="A{row}:{chr(65 + min(25, abs(box.columns)))}{row + box.rows}"/>'
        for row, boxes in enumerate((boxes for part in parts for boxes in part.rows), 1)
        for box in boxes
        if box.columns != 1
    )
    return office_files.xlsx(
        office_files.xlsx_rows(rows),
        formats=("#,##0.00", "0.00%", "[红色]0;;"),
        after=f"<mergeCells>{merged}</mergeCells>",
    )


def _sheet_text(text: str) -> str:
    """Excel writes what XML forbids as _xHHHH_."""
    return "".join(
        f"_x{ord(c):04X}_"
        if c < " " or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff"
        else html.escape(c, quote=False)
        for c in text
    )


def _xls(parts: Sequence[Part]) -> bytes:
    return excel97.xls(_sheet_rows(parts), "部门预算")


def _pdf(parts: Sequence[Part]) -> bytes:
    pages = [pdf_writer.Page()]
    y = 60.0
    for part in parts:
        rows = part.rows[:20] or ()
        if y + 20 * len(rows) + 40 > 800:
            pages.append(pdf_writer.Page())
            y = 60.0
        page = pages[-1]
        if not rows:
            for start in range(0, min(len(part.text), 2000), 45):
                page.text(60, y, _ucs2(part.text[start : start + 45]))
                y += 14
            continue
        width = max(1, *(len(row) for row in rows))
        xs = [40 + index * 515 / width for index in range(width + 1)]
        if len(part.rows) % 4:
            page.grid(xs, [y + 20 * index for index in range(len(rows) + 1)])
        for row in rows:
            page.row(xs, y + 20, [_ucs2(box.text[:60]) for box in row])
            page.line(xs[0], y, xs[0] + 100 * row[0].columns if row else 0, y)
            y += 20
        y += 20
    return pdf_writer.document(*pages)


def _ucs2(text: str) -> str:
    return "".join(c for c in text if not "\ud800" <= c <= "\udfff")
