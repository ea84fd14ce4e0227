"""Compile the platform's translations, after saying what is missing or left over: ``python docs/write_messages.py``.

A new sentence is added by hand to its app's django.po; the tests hold that none is missing.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.web.test_messages import APPS, WEB, catalogue, messages


def main() -> int:
    """Compile each catalogue; 1 when a sentence lacks its translation."""
    catalogues = [catalogue(app) for app in APPS]
    missing = 0
    for app in APPS:
        used = set()
        for place, message, context in messages(app):
            used.add(message[0] if isinstance(message, tuple) else message)
            if not any((entry := one.get(message, context)) is not None and entry.string for one in catalogues):
                missing += 1
                print(f"missing: {place}: {message!r}")
        own = catalogue(app)
        for entry in own:
            if entry.id and (entry.id[0] if isinstance(entry.id, tuple) else entry.id) not in used:
                print(f"left over in {app}: {entry.id!r}")
        path = WEB / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
        with path.open("wb") as stream:
            write_mo(stream, own)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
