"""Why an input cannot be read: one clear sentence each, in both languages."""

from zhengwu.model.message import RefusedError


class UnreadableError(RefusedError):
    """The input cannot be read. The sentence names what was found, where, and how to mend it.

    The command line puts the file's name in front of it.
    """


def cannot_open(error: OSError) -> UnreadableError:
    """The refusal that follows when the system does not open a file."""
    if isinstance(error, FileNotFoundError):
        return UnreadableError("not-found", "文件不存在；请检查路径。", "there is no such file; check the path")
    reason = error.strerror or type(error).__name__
    return UnreadableError(
        "cannot-open",
        f"文件无法打开（{reason}）；请检查权限和路径。",
        f"the file cannot be opened ({reason}); check its permissions and path",
    )
