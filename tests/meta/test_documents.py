"""The project's documents: what they promise runs, in both languages."""

import re
from pathlib import Path

from zhengwu.cli.main import parser

ROOT = Path(__file__).parents[2]


def _commands(readme: str) -> list[str]:
    return re.findall(
        r"^    (?:make|\.venv/bin/zhengwu) \S+.*$", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE
    )


def test_readme_has_the_same_commands_in_both_languages() -> None:
    bare = [[line.split("#")[0].strip() for line in _commands(name)] for name in ("README.md", "README.zh-CN.md")]
    assert bare[0] == bare[1]
    assert bare[0][:2] == ["make demo", "make test"]


def test_readme_names_every_command_and_option() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    for name, command in commands.items():  # type: ignore[union-attr]
        assert f"zhengwu {name}" in text
        for action in command._actions:
            long = [option for option in action.option_strings if option.startswith("--") and option != "--help"]
            assert not long or any(option in text for option in action.option_strings), action.option_strings


def test_makefile_holds_the_targets_that_the_documents_name() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("setup", "demo", "test", "lint", "bench"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_no_file_is_longer_than_500_lines() -> None:
    for folder in ("src", "tests", "bench", "examples"):
        for path in (ROOT / folder).rglob("*.py"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 500, path


def test_examples_are_what_their_script_writes(tmp_path: Path) -> None:
    before = (ROOT / "examples" / "faulty-budget.txt").read_bytes()
    script = (
        (ROOT / "examples" / "build.py")
        .read_text(encoding="utf-8")
        .replace("HERE = Path(__file__).parent", f"HERE = Path({str(tmp_path)!r})")
    )
    (tmp_path / "build.py").write_text(script, encoding="utf-8")
    import runpy

    runpy.run_path(str(tmp_path / "build.py"), run_name="__main__")
    assert (tmp_path / "faulty-budget.txt").read_bytes() == before
