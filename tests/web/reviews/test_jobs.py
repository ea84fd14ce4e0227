"""The queue: a job whose process or worker dies is taken up again, and its result stands once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.web.reviews.conftest import EXAMPLE, ROOT, file_of
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.reviews import jobs, process, services
from zhengwu.web.reviews.models import DocumentState, JobState, Round

SUICIDE = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")


@pytest.fixture
def queued(people) -> Round:
    return services.document_upload(actor=people.officer, files=[file_of()], now=timezone.now()).rounds[0]


def test_process_killed_in_the_middle_is_started_again_and_the_result_stands_once(queued, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(process, "COMMAND", SUICIDE)
        one = jobs.take(timezone.now())
        assert not jobs.round_audit(one)
    queued.refresh_from_db()
    assert (queued.job, queued.attempts) == (JobState.QUEUED, 1)
    assert jobs.run_pending() == 1
    queued.refresh_from_db()
    assert (queued.job, queued.attempts) == (JobState.DONE, 2)
    assert AuditEvent.objects.filter(action="round.audit").count() == 1


def test_process_that_always_dies_fails_after_three_attempts_with_a_sentence(queued, monkeypatch, people):
    monkeypatch.setattr(process, "COMMAND", SUICIDE)
    assert jobs.run_pending() == 3
    queued.refresh_from_db()
    assert (queued.job, queued.attempts) == (JobState.FAILED, 3)
    assert queued.error_zh
    assert queued.error_en
    queued.document.refresh_from_db()
    assert queued.document.state == DocumentState.RECEIVED
    monkeypatch.undo()
    again = services.document_upload(
        actor=people.officer, document=queued.document, files=[file_of()], now=timezone.now()
    ).rounds[0]
    jobs.run_pending()
    again.refresh_from_db()
    assert (again.number, again.job) == (2, JobState.DONE)


def test_worker_that_died_loses_its_lease_and_its_late_result_is_not_written(queued):
    now = timezone.now()
    dead = jobs.take(now)
    assert jobs.take(now) is None  # leased
    alive = jobs.take(now + jobs.LEASE + timedelta(seconds=1))
    assert alive.pk == dead.pk
    assert jobs.round_audit(alive)
    assert not jobs.round_audit(dead)
    assert Round.objects.get().findings.count() == len({one.position for one in Round.objects.get().findings.all()})
    assert AuditEvent.objects.filter(action="round.audit").count() == 1


def test_round_that_kills_its_workers_is_given_up(queued):
    now = timezone.now()
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs.take(now) is not None
        now += jobs.LEASE + timedelta(seconds=1)
    assert jobs.take(now) is None
    queued.refresh_from_db()
    assert queued.job == JobState.FAILED


def test_process_out_of_time_is_ended(queued, monkeypatch, tmp_path):
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", "import time; time.sleep(600)"))
    started = time.monotonic()
    with pytest.raises(process.ProcessError) as info:
        process.ask({"task": "audit"}, 1)
    assert info.value.timed_out
    assert time.monotonic() - started < 300  # not as long as it wanted


def test_process_knows_no_secrets(monkeypatch):
    script = (
        "import json,os,sys; r=json.load(sys.stdin); open(r['out'],'w').write(json.dumps({'done': dict(os.environ)}))"
    )
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", script))
    monkeypatch.setenv("ZHENGWU_DATABASE", "postgresql://user:secret@host/name")
    done, _ = process.ask({})
    assert "ZHENGWU_DATABASE" not in done
    assert "ZHENGWU_SECRET" not in done


def test_process_over_its_memory_is_refused(tmp_path, monkeypatch):
    script = "from zhengwu.web.reviews.audit_process import limited\nlimited(60)\nbytearray(8 * 1024**3)"
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", script))
    with pytest.raises(process.ProcessError, match="MemoryError"):
        process.ask({})


def test_queue_is_seen_by_health_and_metrics(queued):
    assert jobs.states()["queued"] == 1
    assert jobs.lag() >= 0


def _run(home, code: str, **options) -> "subprocess.Popen[bytes]":
    setup = "import django; django.setup()\n"
    environment = {
        **os.environ, "ZHENGWU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "zhengwu.web.settings",
        "ZHENGWU_DATABASE": "", "ZHENGWU_WORKERS": "",
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", setup + code], cwd=ROOT, env=environment, **options)


def _said(home, code: str) -> str:
    running = _run(home, code, stdout=subprocess.PIPE)
    said = running.communicate(timeout=300)[0].decode().strip()
    assert running.returncode == 0
    return said


def test_worker_killed_with_kill_9_during_an_audit_is_replaced(tmp_path):
    """A real worker on a database in a file, killed while its process runs; another one takes the round up."""
    _said(tmp_path, "from django.core.management import call_command; call_command('migrate', verbosity=0)")
    upload = f"""
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from zhengwu.web.common.models import User
from zhengwu.web.reviews import services
actor = User.objects.create(username="r", role="reviewer")
data = open({str(EXAMPLE)!r}, "rb").read()
services.document_upload(actor=actor, files=[SimpleUploadedFile("a.txt", data)], now=timezone.now())
"""
    _said(tmp_path, upload)
    slow = """
import sys, threading
from zhengwu.web.reviews import jobs, process
process.COMMAND = (sys.executable, "-c", "import time; time.sleep(300)")
print("working", flush=True)
jobs.work(threading.Event())
"""
    worker = _run(tmp_path, slow, stdout=subprocess.PIPE)
    state = "from zhengwu.web.reviews.models import Round; r = Round.objects.get(); print(r.job, r.attempts)"
    for _ in range(50):
        if _said(tmp_path, state) == "running 1":
            break
        time.sleep(0.2)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    run = "from django.core.management import call_command; call_command('run_worker', '--once')"
    assert _said(tmp_path, run) == "0"  # the lease still runs
    expire = "from zhengwu.web.reviews.models import Round; from django.utils import timezone; "
    _said(tmp_path, expire + "Round.objects.update(lease_until=timezone.now())")
    assert _said(tmp_path, run) == "1"
    assert _said(tmp_path, state) == "done 2"
    events = (
        "from zhengwu.web.common.models import AuditEvent as A; print(A.objects.filter(action='round.audit').count())"
    )
    assert _said(tmp_path, events) == "1"
