"""Every sentence of the platform has a Chinese translation, and the compiled catalogues are those of the sources."""

import io
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

WEB = Path(__file__).parents[2] / "src" / "zhengwu" / "web"
APPS = ("common", "reviews", "explorer", "budgets")
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def messages(app: str) -> Iterator[tuple[str, object, str | None]]:
    """(place, message or (singular, plural), context) of an app's modules and templates; settings with common."""
    modules = list((WEB / app).rglob("*.py")) + ([WEB / "settings.py"] if app == "common" else [])
    if app == "explorer":  # the API's sentences are translated with the open book's
        modules += WEB.glob("api*.py")
    sources = [(path, path.read_text(encoding="utf-8")) for path in modules if "migrations" not in path.parts]
    for pattern in ("*.html", "*.txt"):
        for path in (WEB / app / "templates").rglob(pattern):
            sources.append((path, templatize(path.read_text(encoding="utf-8"), origin=str(path))))
    for path, text in sources:
        for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            yield f"{path.relative_to(WEB)}:{line}", message, context


def catalogue(app: str) -> Catalog:
    with (WEB / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").open("rb") as stream:
        return read_po(stream, locale="zh_Hans")


@pytest.mark.parametrize("app", APPS)
def test_every_message_has_a_chinese_translation(app: str) -> None:
    # What another app translates is translated: Django merges the catalogues.
    catalogues = [catalogue(one) for one in APPS if any((WEB / one / "locale").rglob("*.po"))]
    missing = []
    for place, message, context in messages(app):
        found = [entry for one in catalogues if (entry := one.get(message, context)) is not None]  # type: ignore[arg-type]
        if not any(entry.string and not entry.fuzzy for entry in found):
            missing.append(f"{place}: {message!r}")
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("app", APPS)
def test_the_compiled_catalogue_is_that_of_the_source(app: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(app))
    compiled.seek(0)
    path = WEB / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    # Without the header: it has the time of the compilation.
    ours, theirs = (
        {key: value for key, value in GNUTranslations(stream)._catalog.items() if key}  # type: ignore[attr-defined]
        for stream in (compiled, io.BytesIO(path.read_bytes()))
    )
    assert ours == theirs, f"pybabel compile -i {path.with_suffix('.po')} -o {path}"


@pytest.mark.parametrize("app", APPS)
def test_no_translation_is_left_over(app: str) -> None:
    used = {message[0] if isinstance(message, tuple) else message for _place, message, _context in messages(app)}
    known = {entry.id[0] if isinstance(entry.id, tuple) else entry.id for entry in catalogue(app) if entry.id}
    assert sorted(known - used) == []
