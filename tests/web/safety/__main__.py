"""``make safety``: what is known to be weak in the sources, in the settings of real use and in what we depend on; then
the API and every page under many more strange requests than ``make test`` has time for.

It asks the package index, so it is no part of ``make test``; where that cannot be asked it says so.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[3]
Step = Callable[[argparse.Namespace], bool]


def main() -> int:
    """Every step, whatever came of the one before; 1 when any of them found something."""
    parser = argparse.ArgumentParser(prog="python -m tests.web.safety")
    parser.add_argument("--examples", type=int, default=60, help="requests for each operation and page")
    arguments = parser.parse_args()
    steps: dict[str, Step] = {
        "sources (bandit)": sources, "settings (check --deploy)": deployment, "dependencies (pip-audit)": dependencies,
        "strange requests": requests,
    }  # fmt: skip
    found = []
    for name, step in steps.items():
        print(f"== {name}", flush=True)
        if not step(arguments):
            found.append(name)
    print(f"== found something: {', '.join(found)}" if found else "== nothing found", flush=True)
    return 1 if found else 0


def sources(_arguments: argparse.Namespace) -> bool:
    """Bandit on src; what it leaves out says why on its line, or in pyproject.toml."""
    command = ("bandit", "-r", "src", "-q", "-c", "pyproject.toml", "-f", "custom", "--msg-template", "{relpath}:{line}: {test_id} {msg}")  # fmt: skip
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode > 1:
        print(done.stderr)
    return done.returncode == 0


def deployment(_arguments: argparse.Namespace) -> bool:
    """Django's own check, with the settings of real use."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ZHENGWU_", "DJANGO_"))}
    with tempfile.TemporaryDirectory() as folder:
        real = {"ZHENGWU_HOME": folder, "ZHENGWU_HTTPS": "1", "ZHENGWU_HOSTS": "zhengwu.example"}
        code = "import sys; from zhengwu.cli.main import main; sys.exit(main())"
        command = [sys.executable, "-c", code, "manage", "check", "--deploy", "--fail-level", "WARNING"]
        return subprocess.run(command, cwd=ROOT, env=own | real, check=False).returncode == 0


def dependencies(_arguments: argparse.Namespace) -> bool:
    """What is known of the locked packages. A package that could not be asked about is no finding, but is told."""
    with tempfile.TemporaryDirectory() as folder:
        locked, answer = Path(folder) / "locked.txt", Path(folder) / "answer.json"
        export = (
            "export",
            "--frozen",
            "--no-emit-project",
            "--all-groups",
            "--all-extras",
            "--quiet",
            "-o",
            str(locked),
        )
        subprocess.run([sys.executable, "-m", "uv", *export], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        command = ("pip_audit", "--disable-pip", "--require-hashes", "-r", str(locked), "-f", "json", "-o", str(answer))
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False
        )
        packages = json.loads(answer.read_text())["dependencies"] if answer.exists() else []
    if not packages:
        print(f"not asked: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}")
        return True
    skipped = [one for one in packages if "skip_reason" in one]
    weak = [(one, flaw) for one in packages for flaw in one.get("vulns", ())]
    print(f"{len(packages)} packages, {len(packages) - len(skipped)} asked about, {len(weak)} known flaws")
    if skipped:
        print(f"not asked about {len(skipped)}: {skipped[0]['skip_reason']} ...")
    for one, flaw in weak:
        print(
            f"{one['name']} {one['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'no version'}"
        )
    return not weak


def requests(arguments: argparse.Namespace) -> bool:
    """The API against its description, and every page under strange requests."""
    more = {"API_EXAMPLES": str(arguments.examples), "HOSTILE_EXAMPLES": str(arguments.examples)}
    files = ("tests/web/api/test_conformance.py", "tests/web/safety/test_hostile.py")
    command = [sys.executable, "-m", "pytest", "-x", "--show-capture=no", *files]
    return subprocess.run(command, cwd=ROOT, env=os.environ | more, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
