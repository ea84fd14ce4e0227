"""Office packages (ZIP with content types and relationships) written again with some parts changed."""

import io
import posixpath
import zipfile
from typing import Any

from lxml import etree

from zhengwu.reading.archive import Archive
from zhengwu.reading.xml import parse

_TYPES = "[Content_Types].xml"
_TYPES_NAMESPACE = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS_NAMESPACE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
OFFICE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NEW = (1980, 1, 1, 0, 0, 0)  # the time of parts that this module adds: no clock here


class Package:
    """A package being changed: parts are read, replaced or added, then all is written out."""

    def __init__(self, data: bytes) -> None:
        """Raises UnreadableError when the container is broken or too large."""
        self.archive = Archive(data)
        self.archive.check_all()
        self._data = data
        self._changed: dict[str, bytes] = {}

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self._changed or self.archive.name(name) is not None

    def bytes_of(self, name: str) -> bytes:
        """A part as it is now."""
        return self._changed[self._stored(name)] if self._stored(name) in self._changed else self.archive.read(name)

    def xml(self, name: str) -> Any:
        """A part's root element; give it to ``put`` after changing it."""
        return parse(self.bytes_of(name), name)

    def put(self, name: str, content: Any) -> None:
        """Replace or add a part: bytes, or an element."""
        if not isinstance(content, bytes):
            content = etree.tostring(content, xml_declaration=True, encoding="UTF-8", standalone=True)
        self._changed[self._stored(name)] = content

    def free_name(self, pattern: str) -> str:
        """A part's name that is not taken; ``pattern`` holds ``{}`` for a number."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def related(self, part: str, kind: str) -> str | None:
        """The name of the part that ``part`` has a relationship of that kind to."""
        name = _relations_of(part)
        if not self.has(name):
            return None
        for relation in self.xml(name):
            if (relation.get("Type") or "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                return _resolved(part, relation.get("Target") or "")
        return None

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relationship from ``part`` to the part ``target``; its id is returned."""
        name = _relations_of(part)
        tag = f"{_RELATIONS_NAMESPACE}Relationship"
        root = self.xml(name) if self.has(name) else etree.Element(
            f"{_RELATIONS_NAMESPACE}Relationships", nsmap={None: _RELATIONS_NAMESPACE[1:-1]}
        )  # fmt: skip
        taken = {relation.get("Id") for relation in root}
        number = 1
        while f"rIdZ{number}" in taken:
            number += 1
        path = posixpath.relpath(target, posixpath.dirname(part) or ".")
        etree.SubElement(root, tag, Id=f"rIdZ{number}", Type=f"{OFFICE_RELATIONS}/{kind}", Target=path)
        self.put(name, root)
        return f"rIdZ{number}"

    def declare(self, content_type: str, *, part: str = "", extension: str = "") -> None:
        """Say what a part, or every part of an extension, is."""
        root = self.xml(_TYPES)
        if part:
            etree.SubElement(root, f"{_TYPES_NAMESPACE}Override", PartName=f"/{part}", ContentType=content_type)
        elif extension.lower() not in {(e.get("Extension") or "").lower() for e in root}:
            default = etree.Element(f"{_TYPES_NAMESPACE}Default", Extension=extension, ContentType=content_type)
            root.insert(0, default)
        self.put(_TYPES, root)

    def written(self) -> bytes:
        """The package with its changes, every other part as it was."""
        stream = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(self._data)) as source,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            left = dict(self._changed)
            for info in source.infolist():
                if info.is_dir():
                    continue
                name = info.filename.replace("\\", "/").lstrip("/")
                content = left.pop(name, None)
                entry = zipfile.ZipInfo(name, info.date_time)
                entry.compress_type = info.compress_type
                target.writestr(entry, source.read(info) if content is None else content)
            for name, content in left.items():
                entry = zipfile.ZipInfo(name, _NEW)
                entry.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(entry, content)
        return stream.getvalue()

    def _stored(self, name: str) -> str:
        return self.archive.name(name) or name


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _resolved(part: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
