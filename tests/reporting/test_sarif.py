"""SARIF 2.1.0: the parts of the schema that readers of the format insist on, places, fingerprints."""

from typing import Any

from tests.reporting.samples import ALL, SHARE, SHARE_FINDING, as_docx, as_txt, audited
from zhengwu.reporting.as_sarif import sarif_report
from zhengwu.rules.registry import rules


def results(log: dict[str, Any]) -> list[dict[str, Any]]:
    return log["runs"][0]["results"]


def test_sarif_log_of_findings_has_the_shape_of_the_standard() -> None:
    log = sarif_report([audited(as_docx(), "甲 局.docx", ALL)], "zh")
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "zhengwu"
    assert driver["version"]
    assert [rule["id"] for rule in driver["rules"]] == [rule.code for rule in rules()]
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["helpUri"] == f"docs/rules/{rule['id']}.md"
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    assert run["artifacts"][0]["location"]["uri"] == "%E7%94%B2%20%E5%B1%80.docx"
    assert len(run["artifacts"][0]["hashes"]["sha-256"]) == 64
    assert len(run["results"]) == len(ALL)
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        assert result["partialFingerprints"]
        for location in [*result["locations"], *result.get("relatedLocations", [])]:
            physical = location["physicalLocation"]
            assert run["artifacts"][physical["artifactLocation"]["index"]]
            if result["ruleId"] != "required-table-missing":
                assert "region" in physical or location["logicalLocations"]


def test_sarif_cell_of_a_document_without_lines_is_a_logical_location() -> None:
    one = audited(as_docx(), "甲局.docx", ALL)
    cell = next(r for r in results(sarif_report([one], "zh")) if r["ruleId"] == "code-differs-from-codes-below")
    (place,) = cell["locations"][0]["logicalLocations"]
    assert place["kind"] == "cell"
    assert (place["properties"]["row"], place["properties"]["column"]) == (5, 3)
    assert "支出预算总表" in place["fullyQualifiedName"]
    assert "region" not in cell["locations"][0]["physicalLocation"]


def test_sarif_place_in_a_text_file_is_a_region_with_its_line() -> None:
    result = results(sarif_report([audited(as_txt(), "a.txt", [SHARE_FINDING])], "en"))[0]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert as_txt().decode().split("\n")[region["startLine"] - 1] == SHARE
    assert region["snippet"]["text"] == "24.74%"


def test_sarif_fingerprints_when_lines_move_stay() -> None:
    moved = "\n\n".join(["封面", "目录", ""]).encode() + as_txt()
    prints = [
        [r["partialFingerprints"] for r in results(sarif_report([audited(data, "a.txt", ALL)], "zh"))]
        for data in (as_txt(), moved)
    ]
    assert prints[0] == prints[1]


def test_sarif_fingerprints_of_equal_defects_differ() -> None:
    log = sarif_report([audited(as_txt(), "a.txt", [SHARE_FINDING, SHARE_FINDING])], "zh")
    first, second = (r["partialFingerprints"] for r in results(log))
    assert first != second


def test_sarif_of_several_documents_is_one_run_with_an_artifact_each() -> None:
    log = sarif_report([audited(as_txt(), "a.txt", ALL), audited(as_docx(), "b.docx", [SHARE_FINDING])], "zh")
    assert len(log["runs"]) == 1
    indexes = [r["locations"][0]["physicalLocation"]["artifactLocation"]["index"] for r in results(log)]
    assert indexes == [0] * len(ALL) + [1]
