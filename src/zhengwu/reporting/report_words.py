"""Fixed words of the reports that are files, in both languages."""

_WORDS = {
    "whole": ("整份文件", "The whole document"),
    "elsewhere": ("本页有其他问题涉及的数据，见虚线框。", "Other findings refer to places on this page: see the dashed boxes."),
    "report": ("核对报告", "audit report"),
    "file": ("文件", "File"),
    "made": ("生成时间", "Made"),
    "pages": ("{}页", "{} pages"),
    "list": ("问题一览", "All findings"),
    "place": ("[位置{}]", "[place {}]"),
    "coverage": ("印证率", "amounts tied"),
    "relations": ("核对关系", "relations"),
    "rows_left_out": ("另有 {} 行未显示", "{} more rows not shown"),
    "gap_rows": ("…", "…"),
    "heading": ("位于", "under"),
    "and_more": ("另有 {} 处摘录", "{} more excerpts"),
}  # fmt: skip


def words(language: str, key: str) -> str:
    """A fixed word of a report."""
    return _WORDS[key][1 if language == "en" else 0]
