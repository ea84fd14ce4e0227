"""Charts: areas and widths in proportion, nothing outside, nothing over another, text that fits, well-formed XML."""

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from zhengwu.publishing import chart_flow, chart_treemap
from zhengwu.publishing.chart_parts import (
    GREY,
    INK,
    NARROW,
    TINTS,
    WIDE,
    Box,
    broken,
    ems,
    wrapped,
)
from zhengwu.publishing.chart_words import CHINESE, share_words
from zhengwu.publishing.charts import (
    Change,
    Slice,
    flow,
    flow_chart,
    natures,
    natures_chart,
    treemap,
    treemap_chart,
    years,
    years_chart,
)

NS = {"s": "http://www.w3.org/2000/svg"}
HOSTILE = "<script>alert('1')</script>&\"]]>\x00\x1b\ud800支出"
LONG = "非常长的名称包括党委政府办公厅（室）及有关部门机构事务的其他支出（含上级补助、附属单位、经营）"
TREE = [
    Slice("一般公共服务支出", 55_420_668_66, (Slice("行政运行", 10_487_612_96), Slice("其他支出", 44_933_055_70))),
    Slice("科学技术支出", 2_831_069_50, (Slice("其他科学技术支出", 2_831_069_50),)),
    Slice("住房保障支出", 2_007_104_64),
    Slice("教育支出", 41_616_00),
]
CASES = {
    "usual": TREE,
    "one": [Slice("公共安全支出", 1_234_567_890_12)],
    "skewed": [Slice("一般公共服务支出", 9999_0000_00, (Slice("行政运行", 9999_0000_00),)), Slice("教育支出", 1_0000_00)],
    "one fen beside all": [Slice("一般公共服务支出", 10**14), Slice("教育支出", 1)],
    "many": [Slice(f"第{n}类支出", 10**10 // n**2, (Slice("甲", 10**10 // n**2 - 1), Slice("乙", 1))) for n in range(1, 30)],
    "long": [Slice(LONG, 5 * 10**12, (Slice(LONG, 3 * 10**12), Slice(LONG + "二", 2 * 10**12))), Slice(LONG, 10**12)],
    "hostile": [Slice(f"{HOSTILE}{n}", 10**8 + n) for n in range(7)],
    "zero": [Slice("支出", 0)],
    "none": [],
}  # fmt: skip
ALL = pytest.mark.parametrize("name", CASES)
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])


def drawings(name, width):
    slices = CASES[name]
    sources = [Slice("一般公共预算拨款收入", sum(one.amount for one in slices)), Slice("上年结转", 7 if slices else 0)]
    changes = [Change(one.name, (None, 0, one.amount * 9 // 10)[n % 3], one.amount) for n, one in enumerate(slices)]
    return {
        "treemap": treemap(slices, title=HOSTILE, width=width),
        "flow": flow(sources, HOSTILE, slices, carried=3, title="收支", width=width),
        "natures": natures(slices, title="性质", width=width),
        "years": years(changes, 2021, title="两年", width=width),
    }


def rectangles(root, kind):
    return [
        Box(*(float(shape.get(key)) for key in ("x", "y", "width", "height")))
        for shape in root.findall(f".//s:rect[@class='{kind}']", NS)
    ]


def overlap(one, other):
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(across, 0.0) * max(down, 0.0)


amounts = st.lists(st.integers(1, 10**13), min_size=1, max_size=40).map(lambda found: sorted(found, reverse=True))
sides = st.floats(30, 1000)


@given(amounts, sides, sides)
def test_squarified_fills_the_frame_in_proportion(found, width, height):
    frame = Box(3, 5, width, height)
    boxes = chart_treemap.squarified(found, frame)
    assert len(boxes) == len(found)
    whole = sum(found)
    for amount, box in zip(found, boxes, strict=True):
        assert box.width * box.height == pytest.approx(amount / whole * width * height, rel=1e-6, abs=1e-6)
        assert box.x >= 3 - 1e-6
        assert box.y >= 5 - 1e-6
        assert box.x + box.width <= 3 + width + 1e-6
        assert box.y + box.height <= 5 + height + 1e-6
    assert all(overlap(one, other) < 1e-6 * width * height for one, other in combinations(boxes, 2))


def test_squarified_equal_amounts_are_near_to_squares():
    boxes = chart_treemap.squarified([1] * 12, Box(0, 0, 400, 300))
    assert all(0.5 <= box.width / box.height <= 2 for box in boxes)


@ALL
@WIDTHS
def test_treemap_pieces_lie_in_their_class_and_nowhere_on_each_other(name, width):
    groups = chart_treemap.layout(CASES[name], Box(0, 0, width, 500))
    whole = sum(one.amount for one in CASES[name])
    tiles = [tile for group in groups for tile in group.tiles]
    assert sum(tile.piece.amount for tile in tiles) == whole
    for group in groups:
        for tile in group.tiles:
            area = tile.box.width * tile.box.height
            assert area == pytest.approx(tile.piece.amount / whole * width * 500, rel=1e-6, abs=1e-3)
            assert overlap(tile.box, group.box) == pytest.approx(area, rel=1e-6, abs=1e-3)
    assert all(overlap(one.box, other.box) < 0.01 for one, other in combinations(tiles, 2))


def test_treemap_small_pieces_are_one_in_the_picture_and_all_in_description_and_table():
    slices = [Slice("大", 10**9), *(Slice(f"小{n}", 1000 + n) for n in range(5))]
    names = [group.piece.name for group in chart_treemap.layout(slices, Box(0, 0, 960, 500))]
    assert names == ["大", "其他5项"]
    root = etree.fromstring(treemap(slices, title="x"))
    description = root.findtext("s:desc", namespaces=NS)
    assert all(f"小{n}" in description for n in range(5))
    assert [row[0] for row in treemap_chart("x", slices).table[1:]] == [one.name for one in slices]


def test_treemap_class_whose_parts_do_not_add_up_is_not_divided():
    slices = [Slice("甲", 100_00, (Slice("一", 60_00), Slice("二", 30_00)))]
    (group,) = chart_treemap.layout(slices, Box(0, 0, 960, 500))
    assert [tile.piece.name for tile in group.tiles] == ["甲"]


@ALL
@WIDTHS
def test_flow_bands_are_in_proportion_and_conserved(name, width):
    uses = CASES[name]
    whole = sum(one.amount for one in uses)
    sources = [Slice("拨款", whole - whole // 3), Slice("结转", whole // 3)]
    plan = chart_flow.layout(sources, uses, width)
    if not whole:
        assert plan is None
        return
    for nodes, bands in ((plan.sources, plan.bands_in), (plan.uses, plan.bands_out)):
        assert sum(node.piece.amount for node in nodes) == whole
        for node, band in zip(nodes, bands, strict=True):
            assert band.height == pytest.approx(node.piece.amount * plan.scale)
            assert band.height == pytest.approx(node.box.height)
        # At the department they lie on each other without a gap and make up its whole height.
        ends = [band.y1 for band in bands] if bands is plan.bands_in else [band.y0 for band in bands]
        for (upper, band), lower in zip(zip(ends, bands, strict=True), [*ends[1:], None], strict=True):
            after = plan.centre.y + plan.centre.height if lower is None else lower
            assert upper + band.height == pytest.approx(after)
        places = [node.box for node in nodes]
        assert all(overlap(one, other) == 0 for one, other in combinations(places, 2))
        assert all(box.y >= 0 and box.y + box.height <= plan.height + 1e-6 for box in places)


def test_flow_drawn_bands_have_the_heights_of_the_layout():
    root = etree.fromstring(flow([Slice("拨款", 300_00)], "局", [Slice("甲", 200_00)], carried=100_00, title="x"))
    heights = []
    for path in root.findall(".//s:path[@class='band']", NS):
        numbers = [float(found) for found in re.findall(r"-?[\d.]+", path.get("d"))]
        heights.append((numbers[-1] - numbers[1], numbers[8] - numbers[7]))
    for left, right in heights:
        assert left == pytest.approx(right, abs=0.02)
    assert [left for left, _ in heights] == pytest.approx([340, 340 * 2 / 3, 340 / 3], abs=0.02)
    assert "结转下年" in "".join(root.itertext())


def test_flow_beyond_ten_uses_puts_the_smallest_together_and_keeps_what_is_carried_apart():
    uses = [Slice(f"第{n}类", 1000 * (20 - n)) for n in range(15)] + [Slice(CHINESE.carried, 10**6)]
    plan = chart_flow.layout([Slice("拨款", 10**7)], uses, WIDE)
    names = [node.piece.name for node in plan.uses]
    assert names[-2:] == ["其他6项", "结转下年"]
    assert len(names) == 11


@ALL
@WIDTHS
def test_natures_segments_are_in_proportion_and_side_by_side(name, width):
    root = etree.fromstring(natures(CASES[name], title="x", width=width))
    whole = sum(one.amount for one in CASES[name])
    boxes = rectangles(root, "segment")
    leaves = [leaf for one in CASES[name] if one.amount for leaf in one.children or (one,)]
    assert len(boxes) == len(leaves)
    for box, leaf in zip(boxes, leaves, strict=True):
        assert box.width == pytest.approx(leaf.amount / whole * (width - 2), abs=0.01)
    for one, other in pairwise(boxes):
        assert one.x + one.width == pytest.approx(other.x, abs=0.02)


def test_natures_fills_differ_without_colour():
    root = etree.fromstring(natures([Slice(str(n), 100) for n in range(6)], title="x"))
    shapes = [[(child.tag, dict(child.attrib)) for child in one[1:]] for one in root.findall("s:defs/s:pattern", NS)]
    assert all(one != other for one, other in combinations(shapes, 2))
    fills = [shape.get("fill") for shape in root.findall(".//s:rect[@class='segment']", NS)]
    assert len(set(fills)) == 6


def test_years_bars_share_a_scale_and_the_small_have_their_own_announced():
    changes = [Change("收入", 50_000_00, 100_000_00), Change("项目", 25_000_00, 75_000_00), Change("三公", 4_00, 2_00)]
    root = etree.fromstring(years(changes, 2021, title="x"))
    widths = [box.width for box in rectangles(root, "bar")]
    assert [one / widths[1] for one in widths] == pytest.approx([0.5, 1, 0.25, 0.75, 1, 0.5], abs=1e-3)
    assert "另一比例" in "".join(root.itertext())
    same = years(changes[:2], 2021, title="x")
    assert "另一比例" not in same


def test_years_unknown_last_year_is_said_and_zero_is_not_unknown():
    text = "".join(etree.fromstring(years([Change("甲", None, 5), Change("乙", 0, 5)], 2021, title="x")).itertext())
    assert text.count("无数据") == 1
    assert "0.00元" in text


@ALL
@WIDTHS
def test_drawing_is_well_formed_and_named(name, width):
    for kind, drawing in drawings(name, width).items():
        root = etree.fromstring(drawing)
        assert root.get("role") == "img"
        assert root.get("viewBox").split()[2] == str(width)
        ids = [one.get("id") for one in root.iter() if one.get("id")]
        assert len(ids) == len(set(ids)), kind
        assert set((root.get("aria-labelledby") + " " + root.get("aria-describedby")).split()) <= set(ids)
        assert root.findtext("s:title", namespaces=NS)
        assert root.findtext("s:desc", namespaces=NS)
        assert root.find(".//s:script", NS) is None
        assert all(one in ids for one in re.findall(r"url\(#([^)]+)\)", drawing))
        assert "nan" not in drawing
        assert "inf" not in drawing


@ALL
@WIDTHS
def test_drawn_text_does_not_leave_the_picture(name, width):
    for kind, drawing in drawings(name, width).items():
        root = etree.fromstring(drawing)
        height = float(root.get("viewBox").split()[3])
        for text in root.findall(".//s:text", NS):
            size, x, y = (float(text.get(key)) for key in ("font-size", "x", "y"))
            long = ems(text.text or "") * size * (1.04 if text.get("font-weight") else 1)
            left = x - {"end": long, "middle": long / 2}.get(text.get("text-anchor"), 0)
            assert left >= -0.5, (kind, text.text)
            assert left + long <= width + 0.5, (kind, text.text)
            assert y - size * 0.9 >= -0.5, (kind, text.text)
            assert y + size * 0.1 <= height + 0.5, (kind, text.text)


@ALL
@WIDTHS
def test_treemap_text_stays_in_its_piece(name, width):
    root = etree.fromstring(treemap(CASES[name], title="x", width=width))
    boxes = [*rectangles(root, "piece"), *rectangles(root, "band")]
    for text in root.findall(f".//s:text[@fill='{INK}']", NS):
        size, x, y = (float(text.get(key)) for key in ("font-size", "x", "y"))
        if text.get("text-anchor") == "middle":
            x -= ems(text.text) * size / 2
        right = x + ems(text.text) * size
        inside = [
            b for b in boxes if b.x <= x and right <= b.x + b.width and b.y <= y - size * 0.8 and y <= b.y + b.height
        ]
        assert inside, text.text


def test_ids_of_the_charts_of_a_page_differ():
    charts = [
        treemap_chart("甲", TREE),
        flow_chart("乙", TREE, "局", TREE, carried=5),
        natures_chart("丙", TREE),
        years_chart("丁", [Change("收入", 1, 2)], 2021),
    ]
    ids = [found for chart in charts for found in re.findall(r' id="([^"]+)"', chart.svg + chart.narrow)]
    assert len(ids) == len(set(ids))
    assert flow_chart("乙", TREE, "局", TREE, carried=5).table[-1] == ("去向", "结转下年", "0.05", "<0.01%")


def test_figures_in_tables_are_exact():
    assert treemap_chart("x", TREE).table[:3] == (
        ("支出功能分类", "金额（元）", "占比"),
        ("一般公共服务支出", "55,420,668.66", "91.91%"),
        ("　行政运行", "10,487,612.96", "17.39%"),
    )
    assert years_chart("x", [Change("收入", 300, 250), Change("支出", None, 1)], 2021).table[1:] == (
        ("收入", "3.00", "2.50", "-0.50"),
        ("支出", "—", "0.01", "—"),
    )


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "0.00元"),
        (522156, "5,221.56元"),
        (999999, "9,999.99元"),
        (1000000, "1.00万元"),
        (6323466544, "6,323.47万元"),
        (10**10, "1.00亿元"),
        (10**14 + 5 * 10**7, "10,000.01亿元"),
        (-522156, "-5,221.56元"),
    ],
)
def test_amount_words(fen, words):
    assert CHINESE.amount(fen) == words


def test_share_is_never_nothing_of_something_nor_all_of_a_part():
    assert share_words(1, 10**9) == "<0.01%"
    assert share_words(10**9 - 1, 10**9) == ">99.99%"
    assert share_words(10**9, 10**9) == "100.00%"
    assert share_words(0, 5) == "0.00%"
    assert share_words(0, 0) == "—"


def test_change_words_have_the_direction_of_the_difference():
    assert CHINESE.change(1_000_000, 1_500_000) == "比上年增加5,000.00元（50.00%）"
    assert CHINESE.change(1_000_000, 500_000) == "比上年减少5,000.00元（50.00%）"
    assert CHINESE.change(5, 5) == "与上年持平"
    assert CHINESE.change(0, 500_000) == "比上年增加5,000.00元"


@given(st.text(alphabet="一般公共服务支出（室）、1234567890,.abcW%", max_size=60), st.floats(2, 30))
def test_lines_fit_and_lose_nothing(text, room):
    lines = wrapped(text, room)
    if lines is not None:
        assert "".join(lines) == text
        assert all(ems(line) <= room for line in lines)
    cut = broken(text, room)
    assert "".join(cut) == text
    assert all(ems(line) <= room for line in cut)


def test_text_on_tints_has_contrast():
    def luminance(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for tint in (colour for pair in (*TINTS, GREY) for colour in pair):
        assert (luminance(tint) + 0.05) / (luminance(INK) + 0.05) >= 7


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_english_charts_say_everything_of_their_own_in_english(width):
    # Names are the caller's; all else must be English, in the picture, its description and the table.
    parts = [Slice("Schools", 7 * 10**11, (Slice("Basic", 10**11), Slice("Other", 6 * 10**11))), Slice("Roads", 400_00)]
    parts += [Slice(f"Small {n}", n * 10_00) for n in range(1, 14)]
    changes = [Change("All", 10**12, 9 * 10**11), Change("Cars", None, 500_00), Change("Same", 5_00, 5_00)]
    charts = [
        treemap_chart("Purposes", parts, language="en"),
        flow_chart("Money", parts, "Office", parts, carried=10**10, language="en"),
        natures_chart("Natures", parts, language="en"),
        years_chart("Years", changes, 2021, language="en"),
        years_chart("Nothing", [], 2021, language="en"),
        treemap_chart("Nothing", [], language="en"),
    ]
    for chart in charts:
        drawing = chart.svg if width == WIDE else chart.narrow
        said = "".join(etree.fromstring(drawing).itertext()) + "".join(cell for row in chart.table for cell in row)
        assert not re.search("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", said.replace("\u3000", "")), said
    assert "7.00 bn yuan" in charts[0].svg
    assert "1.00 bn yuan less than last year (10.00%)" in charts[3].svg
