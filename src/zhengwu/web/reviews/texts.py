"""What people write: a reason or comment that says something, of bearable length."""

from zhengwu.web.common.errors import FieldRefusedError

LONGEST = 4000  # characters


def stated(text: str, field: str = "reason") -> str:
    """The text without outer blanks. Raises FieldRefusedError for an empty or endless one."""
    text = text.strip().replace("\0", "")
    if not text:
        zh, en = ("请写明理由。", "Give a reason.") if field == "reason" else ("请填写内容。", "Write something.")
        raise FieldRefusedError(field, zh, en)
    if len(text) > LONGEST:
        raise FieldRefusedError(
            field,
            f"最多 {LONGEST} 字，这里有 {len(text)} 字。",
            f"At most {LONGEST} characters; these are {len(text)}.",
        )
    return text
