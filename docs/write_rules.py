"""Writes docs/rules/: a page a rule and an index, from the rules' own declarations.

Run after a change of a rule: make docs. A test holds the pages to the rules.
"""

from pathlib import Path

from zhengwu.reporting.rule_pages import headings
from zhengwu.rules.registry import FAMILIES, Rule, rules

FOLDER = Path(__file__).parent / "rules"
_FAMILY = {
    "tables": "表内 · within a table",
    "crossing": "表间与全文 · between tables and text",
    "narrative": "文字 · sentences",
    "targets": "绩效目标 · performance targets",
    "formality": "规范 · form",
    "sets": "文件之间 · between documents",
}


def page(rule: Rule) -> str:
    """One rule's page."""
    parts = headings(rule)
    lines = [
        f"# {rule.code}",
        "",
        f"**{rule.title.zh}** · {rule.title.en}",
        "",
        f"{rule.severity.value} · {_FAMILY[rule.family]} · since {rule.since}",
        "",
        f"- 依据 · basis: {rule.basis.zh} · {rule.basis.en}",
        f"- 改法 · mend: {rule.mend.zh} · {rule.mend.en}",
        "",
    ]
    for heading in ("Checks", "Why"):
        lines += [f"## {heading}", "", parts[heading], ""]
    lines += ["## Example", "", f"    fails:  {parts['Fails']}", f"    passes: {parts['Passes']}", ""]
    lines += ["## Known gaps", "", parts["Known gaps"], ""]
    return "\n".join(lines)


def index() -> str:
    """The list of all rules by family."""
    lines = ["# Rules", "", "Generated from the rules by `make docs`; `zhengwu rules` prints the same.", ""]
    for family in FAMILIES:
        lines += [f"## {_FAMILY[family]}", "", "| rule | severity | defect |", "|---|---|---|"]
        for rule in rules():
            if rule.family == family:
                lines.append(
                    f"| [{rule.code}]({rule.code}.md) | {rule.severity.value} | {rule.title.zh} · {rule.title.en} |"
                )
        lines.append("")
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """File name -> text, of all pages."""
    return {"README.md": index()} | {f"{rule.code}.md": page(rule) for rule in rules()}


def main() -> None:
    """Write the pages and remove those of rules that are gone."""
    FOLDER.mkdir(exist_ok=True)
    written = pages()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for path in FOLDER.glob("*.md"):
        if path.name not in written:
            path.unlink()


if __name__ == "__main__":
    main()
