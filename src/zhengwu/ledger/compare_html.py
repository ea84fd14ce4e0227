"""A comparison as one self-contained page: its tables, and the largest changes as a diverging bar chart."""

import re
from collections.abc import Sequence
from html import escape

from zhengwu.ledger.compare_found import Comparison, Entry, Group, leaves
from zhengwu.ledger.compare_text import STATES, WORDS, about, cells, heading, moved_words, signed
from zhengwu.model.message import Message
from zhengwu.reporting.width import width

_MOST = 12  # bars of a chart
_ROW = 34
_LEFT = 300  # pixels for the names
_WIDE = 960
_SIDE = 130  # pixels beside the longest bar for its amount
_NAME = 36  # display columns of a name before it is cut; the whole name is in the bar's title

_STYLE = """
:root{color-scheme:light dark;--line:#8a929b;--head:#eef1f4;--dim:#4a5560}
@media (prefers-color-scheme:dark){:root{--head:#252b32;--dim:#b4bcc6}}
body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;margin:0 auto;max-width:72rem;padding:1rem}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}
.about{color:var(--dim);overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.4rem 0}
th,td{border-bottom:1px solid var(--line);padding:.25rem .5rem;text-align:right;vertical-align:top}
th:first-child{text-align:left;font-weight:400;min-width:14rem}
thead th,tfoot th,tfoot td{background:var(--head);font-weight:600}
.state,.former{color:var(--dim)}.former{display:block;font-size:.9em}
.l1{padding-left:1.5rem}.l2{padding-left:3rem}
figure{margin:1rem 0}svg{max-width:100%;height:auto;color:inherit}
@media print{body{max-width:none;font-size:10pt;padding:0}h2,caption{break-after:avoid}tr,figure{break-inside:avoid}.wide{overflow:visible}}
"""
_CHART = Message("变动最大的{}", "The largest changes by {}")
_BY = {"project": Message("项目", "project"), "function": Message("功能科目", "functional item")}
_DESCRIBED = Message(
    "横条向右为增加（实心），向左为减少（斜线），单位：元。变动最大的是{name}，{amount}。完整数据见下表。",
    "Bars to the right are increases (solid), to the left decreases (hatched), in yuan. The largest is {name}, {amount}. "
    "All figures are in the tables below.",
)
_LEGEND = (Message("增加", "increase"), Message("减少", "decrease"))


def comparison_html(found: Comparison, language: str) -> str:
    """The comparison as one HTML page in ``language`` (zh or en), without anything from outside."""
    title = heading(found, language)
    body = [f"<h1>{escape(title)}</h1>"]
    body += [f'<p class="about">{escape(about(side, language))}</p>' for side in (found.last, found.this)]
    for group in found.groups:
        if group.key in _BY:
            body.append(_figure(group, language))
    body.append(_table(found, WORDS["totals"], found.totals, None, language))
    body += [_table(found, group.title, group.rows, group.total, language) for group in found.groups]
    for words, said in (
        (WORDS["codes"], [moved_words(one, language) for one in found.moved]),
        (WORDS["notes"], [note.in_language(language) for note in found.notes]),
    ):
        if said:
            items = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
            body.append(f"<section><h2>{escape(words.in_language(language))}</h2><ul>{items}</ul></section>")
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body><main>\n"
        + "\n".join(part for part in body if part)
        + "\n</main></body></html>\n"
    )


def _table(found: Comparison, title: Message, rows: Sequence[Entry], total: Entry | None, language: str) -> str:
    def say(message: Message) -> str:
        return escape(message.in_language(language))

    words = (WORDS["item"], found.last.label, found.this.label, WORDS["difference"], WORDS["rate"], WORDS["share"])
    head = "".join(f'<th scope="col">{say(word)}</th>' for word in words)
    unknown = Message("未列明", "not stated").in_language(language)
    body = "".join(_row(row, cells(row, found.whole, unknown), language) for row in rows)
    foot = f"<tfoot>{_row(total, cells(total, found.whole, unknown), language)}</tfoot>" if total else ""
    return (
        f'<section><h2>{say(title)}</h2><div class="wide" tabindex="0" role="region" aria-label="{say(title)}"><table>'
        f"<caption>{say(WORDS['yuan'])}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table></div></section>"
    )


def _row(row: Entry, figures: Sequence[str], language: str) -> str:
    name = escape(f"{row.code} {row.name.in_language(language)}".strip())
    if row.state:
        name += f' <span class="state">[{escape(STATES[row.state].in_language(language))}]</span>'
    if row.last_name:
        name += f'<span class="former">{escape(WORDS["formerly"].in_language(language) + row.last_name)}</span>'
    level = f' class="l{min(row.level, 2)}"' if row.level else ""
    amounts = "".join(f"<td>{escape(text)}</td>" for text in figures)
    return f'<tr><th scope="row"{level}>{name}</th>{amounts}</tr>'


def _figure(group: Group, language: str) -> str:
    changed = [(row, row.difference) for row in leaves(group.rows) if row.difference]
    largest = sorted(((row, change) for row, change in changed if change), key=lambda one: -abs(one[1]))[:_MOST]
    if not largest:
        return ""
    title = _CHART.in_language(language).format(_BY[group.key].in_language(language))
    return f"<figure>{_chart(group.key, title, largest, language)}</figure>"


def _chart(key: str, title: str, rows: Sequence[tuple[Entry, int]], language: str) -> str:
    """Bars from a line of nothing, the largest on top. It reads without colour: one way solid, the other hatched,
    each with its signed amount."""
    top = 64
    height = top + _ROW * len(rows) + 8
    down = max((-change for _, change in rows if change < 0), default=0)
    up = max((change for _, change in rows if change > 0), default=0)
    room = _WIDE - _LEFT - _SIDE * (bool(down) + bool(up))
    zero = _LEFT + (_SIDE if down else 0) + room * down / (down + up)
    first, change = rows[0]
    described = _DESCRIBED.in_language(language).format(name=_plain(first, language), amount=signed(change))
    parts = [
        f'<svg viewBox="0 0 {_WIDE} {height}" width="{_WIDE}" height="{height}" role="img" aria-labelledby="{key}-t {key}-d" '
        f'font-size="14" fill="currentColor"><title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(described)}</desc>',
        f'<defs><pattern id="{key}-h" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M0 0V7" stroke="currentColor" stroke-width="2.4"/></pattern></defs>',
        f'<text x="0" y="20" font-size="17" font-weight="600">{escape(title)}</text>',
        *_legend(key, language),
    ]
    for n, (row, amount) in enumerate(rows):
        y = top + n * _ROW
        size = max(room * abs(amount) / (down + up), 1.5)
        start = zero - size if amount < 0 else zero
        fill = f"url(#{key}-h)" if amount < 0 else "currentColor"
        tip = f"{_plain(row, language)} {signed(amount)}"
        beside, anchor = (start - 6, "end") if amount < 0 else (start + size + 6, "start")
        parts.append(
            f'<text x="0" y="{y + 16}">{escape(_cut(_plain(row, language)))}</text>'
            f'<rect x="{start:.1f}" y="{y + 2}" width="{size:.1f}" height="18" fill="{fill}" fill-opacity="0.85" stroke="currentColor">'
            f"<title>{escape(tip)}</title></rect>"
            f'<text x="{beside:.1f}" y="{y + 16}" text-anchor="{anchor}" font-size="13">{escape(signed(amount))}</text>'
        )
    parts.append(f'<path d="M{zero:.1f} {top - 6}V{height - 6}" stroke="currentColor"/>')
    return re.sub(r"\n", "", "".join(parts)) + "</svg>"


def _legend(key: str, language: str) -> list[str]:
    up, down = (word.in_language(language) for word in _LEGEND)
    return [
        '<rect x="0" y="32" width="26" height="14" fill-opacity="0.85" stroke="currentColor"/>'
        f'<text x="32" y="44" font-size="13">{up}</text>',
        f'<rect x="110" y="32" width="26" height="14" fill="url(#{key}-h)" stroke="currentColor"/>'
        f'<text x="142" y="44" font-size="13">{down}</text>',
    ]


def _plain(row: Entry, language: str) -> str:
    return f"{row.code} {row.name.in_language(language)}".strip().replace("\n", "")


def _cut(name: str) -> str:
    if width(name) <= _NAME:
        return name
    kept = ""
    for character in name:
        if width(kept + character) > _NAME - 2:
            break
        kept += character
    return f"{kept}…"
