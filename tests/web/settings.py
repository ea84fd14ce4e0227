"""The platform's settings for tests: a data folder that goes away, quick passwords, no lock-out between tests."""

import os
import tempfile

os.environ.setdefault("ZHENGWU_HOME", tempfile.mkdtemp(prefix="zhengwu-test-"))
os.environ.setdefault("ZHENGWU_SECRET", "for tests only: not a secret")

from zhengwu.web.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns where it is absent
