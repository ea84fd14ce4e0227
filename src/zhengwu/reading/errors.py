"""Why an input cannot be read: one clear sentence each, in both languages."""

from zhengwu.model.message import RefusedError


class UnreadableError(RefusedError):
    """The input cannot be read. The sentence names what was found, where, and how to mend it.

    The command line puts the file's name in front of it.
    """
