"""Sentences for people, always in both languages."""

from typing import NamedTuple


class Message(NamedTuple):
    """One sentence in Chinese and in English; who shows it chooses the language."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The sentence in ``language`` ("zh" or "en"; anything else is read as Chinese)."""
        return self.en if language == "en" else self.zh


class RefusedError(Exception):
    """A refused action or an unusable input: one sentence naming place, finding and mend.

    It becomes exit code 2 on the command line and an answer of the 4xx family on the web.
    """

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(zh)
        self.code = code
        self.message = Message(zh, en)
