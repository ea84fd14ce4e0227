"""The styles, fonts and settings of a published Word document.

Sizes and faces are those of 党政机关公文: 小标宋 for the title, 黑体, 楷体 and 仿宋 for the headings and 仿宋 for the text.
"""

from typing import Final

from zhengwu.publishing import pages

NAMESPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Style ids.
COVER_TITLE: Final = "Title"
COVER_LINE: Final = "CoverLine"
CONTENTS_TITLE: Final = "ContentsTitle"
TABLE_TITLE: Final = "TableTitle"
TABLE_CAPTION: Final = "TableCaption"
TABLE_CELL: Final = "TableCell"
TABLE_NOTE: Final = "TableNote"
SECTION_END: Final = "SectionEnd"
# The name by which the contents field asks for the tables' titles.
TABLE_TITLE_NAME: Final = "表题"

_LATIN: Final = "Times New Roman"
_TITLE, _FANGSONG, _HEI, _KAI, _SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
# What a machine without the prescribed face shows instead.
_OTHERWISE: Final = {
    _TITLE: "FZXiaoBiaoSong-B05S,方正小标宋_GBK,华文中宋,STZhongsong,宋体,Noto Serif CJK SC",
    _FANGSONG: "仿宋,FangSong,FangSong_GB2312,华文仿宋,STFangsong,Noto Serif CJK SC",
    _HEI: "SimHei,Heiti SC,Noto Sans CJK SC",
    _KAI: "楷体,KaiTi,KaiTi_GB2312,华文楷体,STKaiti,Noto Serif CJK SC",
    _SONG: "SimSun,Songti SC,Noto Serif CJK SC",
}


def twips(points: float) -> int:
    """A length in the unit of Word: twentieths of a point."""
    return round(points * 20)


def styles_xml() -> str:
    """The part ``word/styles.xml``."""
    exact = f'<w:spacing w:line="{twips(pages.LINE)}" w:lineRule="exact"/>'
    indent = f'<w:ind w:firstLineChars="200" w:firstLine="{twips(2 * pages.BODY)}"/>'
    keep = "<w:keepNext/><w:keepLines/>"
    table = twips(pages.NOTE * pages.PITCH)
    return "".join(
        (
            f"{HEAD}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(_FANGSONG)}",
            f'{_size(pages.BODY)}<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>',
            "<w:pPrDefault/></w:docDefaults>",
            '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>',
            # Not justified: a long amount at the start of a line would pull the line before it apart.
            f'<w:pPr>{exact}<w:jc w:val="left"/></w:pPr></w:style>',
            '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">',
            '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>',
            '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>',
            '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>',
            _style("BodyText", "Body Text", indent),
            _style(
                *(COVER_TITLE, "Title", '<w:jc w:val="center"/>', _fonts(_TITLE) + _size(36)),
                spacing='<w:spacing w:line="300" w:lineRule="auto"/>',
            ),
            _style(
                *(COVER_LINE, "封面", '<w:jc w:val="center"/>', _fonts(_KAI) + _size(18)),
                spacing='<w:spacing w:before="240" w:line="300" w:lineRule="auto"/>',
            ),
            _style(
                *("Heading1", "heading 1", '<w:jc w:val="center"/><w:outlineLvl w:val="0"/>'),
                *(_fonts(_HEI) + _size(18), keep),
                spacing=f'<w:spacing w:after="240" w:line="{twips(pages.LINE)}" w:lineRule="exact"/>',
            ),
            _style("Heading2", "heading 2", f'{indent}<w:outlineLvl w:val="1"/>', _fonts(_HEI), keep),
            _style("Heading3", "heading 3", f'{indent}<w:outlineLvl w:val="2"/>', _fonts(_KAI), keep),
            _style("Heading4", "heading 4", f'{indent}<w:outlineLvl w:val="3"/>', "<w:b/><w:bCs/>", keep),
            _style(
                *(CONTENTS_TITLE, "目录标题", '<w:jc w:val="center"/>'),
                _fonts(_HEI) + f'<w:spacing w:val="{twips(18)}"/>' + _size(18),
                spacing=f'<w:spacing w:after="240" w:line="{twips(pages.LINE)}" w:lineRule="exact"/>',
            ),
            *(_contents_style(level) for level in (1, 2, 3)),
            _style(
                *(TABLE_TITLE, TABLE_TITLE_NAME, '<w:jc w:val="center"/><w:outlineLvl w:val="2"/>'),
                *(_fonts(_HEI) + _size(14), keep),
                spacing='<w:spacing w:before="360" w:after="120" w:line="400" w:lineRule="exact"/>',
            ),
            _style(
                *(TABLE_CAPTION, "表头说明", '<w:jc w:val="left"/>', _size(pages.NOTE), keep),
                spacing=f'<w:spacing w:after="80" w:line="{table}" w:lineRule="exact"/>',
            ),
            _style(
                *(TABLE_CELL, "表格文字", '<w:jc w:val="left"/>', _fonts(_SONG) + _size(pages.NOTE)),
                spacing=f'<w:spacing w:line="{table}" w:lineRule="exact"/>',
            ),
            _style(
                *(TABLE_NOTE, "表注", '<w:jc w:val="left"/>', _size(pages.NOTE)),
                spacing=f'<w:spacing w:before="100" w:line="{table}" w:lineRule="exact"/>',
            ),
            # A section cannot end with a table: the paragraph behind it is made as small as can be.
            _style(SECTION_END, "节尾", "", _size(1), spacing='<w:spacing w:line="20" w:lineRule="exact"/>'),
            _style("Footer", "footer", '<w:jc w:val="center"/>', _fonts(_SONG) + _size(14)),
            "</w:styles>",
        )
    )


def _style(key: str, name: str, paragraph: str = "", run: str = "", keep: str = "", *, spacing: str = "") -> str:
    """A paragraph style; ``paragraph`` holds what comes behind the spacing in the order of the schema."""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{keep}{spacing}{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _contents_style(level: int) -> str:
    right = twips(pages.text_width(False))
    left = twips(21 if level > 1 else 0)
    return (
        f'<w:style w:type="paragraph" w:styleId="TOC{level}"><w:name w:val="toc {level}"/>'
        f'<w:basedOn w:val="Normal"/><w:uiPriority w:val="39"/>'
        f'<w:pPr><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{right}"/></w:tabs>'
        f'<w:spacing w:line="480" w:lineRule="exact"/><w:ind w:left="{left}"/><w:jc w:val="left"/></w:pPr>'
        f"<w:rPr>{_size(pages.CONTENTS_SIZE)}</w:rPr></w:style>"
    )


def _fonts(east_asia: str) -> str:
    return f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{east_asia}" w:cs="{_LATIN}"/>'


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def fonts_xml() -> str:
    """The part ``word/fontTable.xml``: each face and what may stand for it."""
    chinese = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{"swiss" if name == _HEI else "roman"}"/><w:pitch w:val="variable"/></w:font>'
        for name, others in _OTHERWISE.items()
    )
    latin = (
        f'<w:font w:name="{_LATIN}"><w:altName w:val="Liberation Serif,Tinos"/><w:charset w:val="00"/>'
        '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    )
    return f"{HEAD}<w:fonts {NAMESPACES}>{latin}{chinese}</w:fonts>"


def settings_xml() -> str:
    """The part ``word/settings.xml``: layout as in Word 2013 and later, where a table's frame ends at the margin."""
    return (
        f'{HEAD}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/>'
        '<w:listSeparator w:val=","/></w:settings>'
    )
