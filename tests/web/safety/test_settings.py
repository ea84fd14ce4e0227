"""The settings of real use pass Django's own check, and bandit finds nothing in the sources that was not looked at."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
CHECK = ("-c", "from zhengwu.cli.main import main; main()", "manage", "check", "--deploy", "--fail-level", "WARNING")
REAL = {"ZHENGWU_HTTPS": "1", "ZHENGWU_HOSTS": "zhengwu.example", "DJANGO_SETTINGS_MODULE": "zhengwu.web.settings"}


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A command, as in real use: with no setting of this test run."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ZHENGWU_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**own, **environment}, capture_output=True, text=True, check=False
    )


def test_check_for_deployment_finds_nothing(tmp_path: Path) -> None:
    done = run(*CHECK, ZHENGWU_HOME=str(tmp_path), **REAL)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_check_for_deployment_would_find_something(tmp_path: Path) -> None:
    done = run(*CHECK, ZHENGWU_HOME=str(tmp_path))
    assert done.returncode != 0
    assert "security.W008" in done.stderr


def test_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = run("-c", "from zhengwu.web import settings; print(settings.SECRET_KEY)", ZHENGWU_HOME=str(tmp_path)).stdout
    again = run("-c", "from zhengwu.web import settings; print(settings.SECRET_KEY)", ZHENGWU_HOME=str(tmp_path)).stdout
    assert first == again
    assert len(first) > 50
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_bandit_finds_nothing() -> None:
    done = run("-m", "bandit", "-r", "src", "-q", "-c", "pyproject.toml", "-f", "custom", "--msg-template", "{relpath}:{line}: {test_id} {msg}")  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_every_exclusion_from_bandit_names_its_rule_and_says_why() -> None:
    said = [
        (path, number, line)
        for path in (ROOT / "src").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "nosec" in line
    ]
    assert said
    for path, number, line in said:
        before = path.read_text(encoding="utf-8").splitlines()[max(number - 3, 0) : number]
        assert "# nosec B" in line, f"{path}:{number}"
        reasons = [
            part.strip() for one in before for part in one.split("#")[1:] if not part.strip().startswith("nosec")
        ]
        assert any(len(reason) > 8 for reason in reasons), f"{path}:{number}: no reason"


def test_debug_is_off_unless_asked_for(tmp_path: Path) -> None:
    code = "from zhengwu.web import settings; print(settings.DEBUG)"
    assert run("-c", code, ZHENGWU_HOME=str(tmp_path)).stdout.strip() == "False"
