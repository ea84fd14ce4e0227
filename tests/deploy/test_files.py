"""The files of deploy/, compose.yaml and docs/running*.md: well-formed, agreed with each other and with the program.

No Docker engine runs here: of compose.yaml its grammar is tested, that the files it names exist, that its commands are the
program's, and that nginx takes its site. The recipe for a server is run by test_recipe.py.
"""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from zhengwu.cli import main as cli
from zhengwu.web import server, settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in (DEPLOY / "systemd").iterdir() if path.is_file())
GUIDES = (ROOT / "docs" / "running.md", ROOT / "docs" / "running.zh-CN.md")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str = "sh") -> list[str]:
    """The lines of a guide's code."""
    found = re.findall(rf"^```{language}\n(.*?)^```", text(path), re.M | re.S)
    return [line for block in found for line in block.splitlines()]


def refused(words: list[str]) -> str:
    """What the program says against a command, "" when it is one of its own."""
    program, *arguments = words
    if Path(program).name == "gunicorn":
        given = ["--config", f"python:{server.__name__}"]
        return "" if arguments == given else f"other than {given}"
    if Path(program).name != "zhengwu":
        return f"{program} is none of ours"
    parsed = cli.parser().parse_args(arguments)
    if parsed.command != "manage":
        return ""
    name, *rest = parsed.arguments
    app = get_commands().get(name)
    if app is None:
        return f"manage has no {name}"
    command = load_command_class(app, name) if isinstance(app, str) else app
    command.create_parser("zhengwu manage", name).parse_args(rest)
    return ""


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_commands_of_a_unit_are_the_programs(path: Path) -> None:
    for key, value in re.findall(r"^(Exec\w+)=(.*)$", text(path), re.M):
        assert refused(shlex.split(value)) == "", key


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="NOT TESTED: systemd-analyze is not here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "systemd", tmp_path, dirs_exist_ok=True)
    names = [path.name.replace("@.", "@8001.") for path in UNITS]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    # That the program is not in /opt here is all that may be said.
    said = [line for line in done.stderr.splitlines() if "/opt/zhengwu/current" not in line]
    assert said == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="NOT TESTED: systemd-analyze is not here")
@pytest.mark.parametrize("name", ["zhengwu-web@.service", "zhengwu-worker@.service", "zhengwu-backup.service"])
def test_services_are_locked_in(name: str, tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "systemd", tmp_path, dirs_exist_ok=True)
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=25", name.replace("@.", "@1.")],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_stopping_takes_longer_than_what_may_run() -> None:
    from zhengwu.web.reviews.process import SECONDS

    def seconds(name: str) -> int:
        found = re.search(r"^TimeoutStopSec=(\d+)$", text(DEPLOY / "systemd" / name), re.M)
        assert found is not None
        return int(found[1])

    assert seconds("zhengwu-web@.service") > server.graceful_timeout > SECONDS
    assert seconds("zhengwu-worker@.service") > SECONDS
    assert int(COMPOSE["services"]["web"]["stop_grace_period"].rstrip("s")) > server.graceful_timeout
    assert int(COMPOSE["services"]["worker"]["stop_grace_period"].rstrip("s")) > SECONDS


def test_nginx_lets_uploads_pass_that_the_platform_takes() -> None:
    from zhengwu.web.reviews.uploads import MOST_BYTES

    sizes = [
        int(one) * 1024**2
        for one in re.findall(r"client_max_body_size (\d+)m;", text(DEPLOY / "nginx" / "zhengwu-locations.conf"))
    ]
    assert min(sizes) > MOST_BYTES


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_commands_of_a_guide_exist(path: Path) -> None:
    ours = [words for line in blocks(path) for words in _commands(line)]
    ours += [shlex.split(one) for one in re.findall(r"`(zhengwu [^`]+)`", text(path).replace("\n", " "))]
    assert len(ours) >= 6
    for words in ours:
        assert refused(words) == "", words


def _commands(line: str) -> list[list[str]]:
    words = shlex.split(line)
    if "compose" in words and "exec" in words:
        words = words[words.index("exec") + 2 :]
    return [words] if words and words[0] == "zhengwu" else []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_files_and_units_that_a_guide_names_exist(path: Path) -> None:
    given = text(path)
    for name in re.findall(r"deploy/[\w/.@-]+", given):
        assert (ROOT / name.removesuffix("/.")).exists(), name
    names = {one.name for one in UNITS}
    for unit in re.findall(
        r"zhengwu-(?:web|worker)@\d+|zhengwu-(?:backup|prepare|remind)(?:\.timer)?\b|zhengwu\.target", given
    ):
        wanted = re.sub(r"@\d+", "@", unit)
        assert wanted in names or f"{wanted}.service" in names, unit


def test_guides_in_both_languages_have_the_same_parts_and_commands() -> None:
    english, chinese = GUIDES
    assert len(re.findall(r"^## ", text(english), re.M)) == len(re.findall(r"^## ", text(chinese), re.M))
    for language in ("sh", "yaml"):
        assert blocks(english, language) == blocks(chinese, language)


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_each_setting_is_explained(path: Path) -> None:
    known = set(re.findall(r"ZHENGWU_[A-Z]+(?:_[A-Z]+)*", f"{settings.__doc__} {server.__doc__}"))
    rows = set(re.findall(r"^\| `(ZHENGWU_\w+)`", text(path), re.M))
    assert rows == known
    code = "".join(text(one) for one in (Path(settings.__file__), Path(server.__file__)))
    assert known == set(re.findall(r"ZHENGWU_[A-Z]+(?:_[A-Z]+)*", code))
    elsewhere = set(re.findall(r"^(ZHENGWU_\w+)=", text(DEPLOY / "zhengwu.env"), re.M)) | set(
        COMPOSE["x-platform"]["environment"]
    )
    assert elsewhere <= known


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_figures_that_a_guide_asks_for_are_given(path: Path, client: Any, db: None) -> None:
    client.get("/sign-in/")
    given = client.get("/metrics").content.decode()
    for name in set(re.findall(r"\b(?:zhengwu|process)_[a-z_]+\b(?=[{)\[])", text(path))):
        assert re.search(rf"^{name}[ {{]", given, re.M), name


def test_links_of_the_guides_lead_somewhere() -> None:
    for path in GUIDES:
        for target in re.findall(r"\]\(([^)#]+)\)", text(path)):
            assert (path.parent / target).exists(), target


def test_compose_names_files_and_commands_that_exist() -> None:
    services = COMPOSE["services"]
    for name, service in services.items():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in COMPOSE["volumes"], volume
        for needed in service.get("depends_on", ()):
            assert needed in services
        if "build" in service:
            assert (ROOT / service["build"]["dockerfile"]).is_file()
            if "command" in service:
                assert refused(service["command"]) == "", name
    last = re.findall(r"^CMD (\[.*\])$", text(DEPLOY / "Dockerfile"), re.M)
    assert refused(yaml.safe_load(last[0])) == ""
    subnet = COMPOSE["networks"]["default"]["ipam"]["config"][0]["subnet"]
    assert COMPOSE["x-platform"]["environment"]["ZHENGWU_PROXIES"] == subnet


def test_image_is_built_from_what_the_package_needs() -> None:
    kept = {line[1:] for line in text(ROOT / ".dockerignore").splitlines() if line.startswith("!")}
    assert {"pyproject.toml", "uv.lock", "README.md", "LICENSE", "src"} <= kept
    assert all((ROOT / one).exists() for one in kept)


@pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="NOT TESTED: nginx is not here")
def test_nginx_takes_the_site_of_compose(tmp_path: Path) -> None:
    site = text(DEPLOY / "nginx" / "compose.conf").replace("web:8000", "127.0.0.1:8000")
    site = site.replace("/etc/nginx/snippets", str(tmp_path)).replace("listen 80 ", "listen 127.0.0.1:8099 ")
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    locations = text(DEPLOY / "nginx" / "zhengwu-locations.conf").replace("/var/log/nginx/", f"{tmp_path}/")
    (tmp_path / "zhengwu-locations.conf").write_text(locations, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/site.conf; }}", encoding="utf-8"
    )
    command = ["/usr/sbin/nginx", "-t", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (
        text(DEPLOY / "nginx" / "compose.conf").split("log_format")[1].split(";")[0]
        == text(DEPLOY / "nginx" / "zhengwu-upstream.conf").split("log_format")[1].split(";")[0]
    )
