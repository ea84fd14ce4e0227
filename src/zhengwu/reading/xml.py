"""XML parts of Office files, parsed without entities, DTDs or the network."""

from lxml import etree

from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import MAX_XML_TAGS, check_tags


def parse(data: bytes, part: str) -> etree._Element:
    """The root element of the XML part named ``part``.

    Raises UnreadableError when it is not well-formed, nests deeper than libxml2 allows (256 levels)
    or declares a DTD: Office never writes one, and entities are how XML is made to explode.
    """
    check_tags(data, MAX_XML_TAGS)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!DOCTYPE" in data[:4096]:
            raise has_dtd(part) from error
        line = getattr(error, "lineno", None) or 1
        raise UnreadableError(
            "bad-xml",
            f"文件的 {part} 部分第 {line} 行不是合格的 XML，可能已损坏；请用 Word/WPS 打开后另存再试。",
            f"line {line} of the file's part {part} is not well-formed XML; open it in Word or WPS and save a copy",
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise has_dtd(part)
    return root


def has_dtd(part: str) -> UnreadableError:
    """The error for an XML part with a DTD."""
    return UnreadableError(
        "dtd",
        f"文件的 {part} 部分含有 DTD 声明，出于安全不予读取；请用 Word/WPS 打开后另存再试。",
        f"part {part} of the file declares a DTD, which is refused for safety; open it in Word or WPS and save a copy",
    )
