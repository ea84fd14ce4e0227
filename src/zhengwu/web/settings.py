"""Settings, all from the environment; without any, everything lies in one folder on SQLite.

ZHENGWU_HOME        the data folder (default: zhengwu-data in the working folder)
ZHENGWU_DATABASE    postgresql://user:password@host:port/name?sslmode=... (default: SQLite in the data folder); without
                    a host the socket of this machine, ?host=/folder names another one
ZHENGWU_SECRET      the secret key (default: made once and kept in the data folder)
ZHENGWU_STATIC      where the files of pages are collected, for a web server to read (default: in the data folder)
ZHENGWU_HOSTS       allowed host names, separated by commas (this machine always is)
ZHENGWU_HTTPS       1 behind a server that speaks HTTPS: secure cookies, redirects, HSTS
ZHENGWU_PROXIES     addresses or networks, separated by commas, of web servers in front that are believed when they tell
                    a visitor's address and whether it came by HTTPS (default: with ZHENGWU_HTTPS this machine, else none)
ZHENGWU_SESSION_MINUTES  a session without a request ends after so many minutes (default: 60)
ZHENGWU_SESSION_HOURS    every session ends after so many hours (default: 10)
ZHENGWU_EMAIL       smtp://user:password@host:port?from=sender (smtps for TLS from the start, else STARTTLS where a user is
                    named): reminders go by e-mail as well (default: none are sent)
ZHENGWU_BUREAU      the name of the finance bureau, for the cover of what goes to the people's congress (default: 财政局)
ZHENGWU_METRICS     1 answers /metrics to everybody, not only to this machine
ZHENGWU_LOG         DEBUG, INFO, WARNING or ERROR: from where on the log tells (default: WARNING; requests always)
ZHENGWU_DEBUG       1 shows errors in the browser; never in real use

ZHENGWU_BIND and ZHENGWU_THREADS are of web/server.py.
"""

import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE = Path(__file__).parent
HOME = Path(os.environ.get("ZHENGWU_HOME", "zhengwu-data")).resolve()
HOME.mkdir(mode=0o750, parents=True, exist_ok=True)
DEBUG = os.environ.get("ZHENGWU_DEBUG") == "1"
HTTPS = os.environ.get("ZHENGWU_HTTPS") == "1"


def _secret() -> str:
    """The secret key: given, or made once and readable by its owner only."""
    given = os.environ.get("ZHENGWU_SECRET")
    if given:
        return given
    path = HOME / "secret"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


def _database() -> dict[str, object]:
    url = os.environ.get("ZHENGWU_DATABASE", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "zhengwu.sqlite3",
            # Writers wait for each other instead of failing; readers do not wait.
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL"},
        }
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _email() -> dict[str, object]:
    url = urlsplit(os.environ.get("ZHENGWU_EMAIL", ""))
    if url.scheme not in ("", "smtp", "smtps"):
        raise ImproperlyConfigured("ZHENGWU_EMAIL: smtp://user:password@host:port?from=sender is expected")
    secure = url.scheme == "smtps"
    return {
        "HOST": url.hostname or "", "PORT": url.port or (465 if secure else 587 if url.username else 25),
        "USER": unquote(url.username or ""), "PASSWORD": unquote(url.password or ""), "SSL": secure,
        "TLS": bool(url.username) and not secure, "FROM": dict(parse_qsl(url.query)).get("from", "zhengwu@localhost"),
    }  # fmt: skip


def _listed(name: str, default: str = "") -> list[str]:
    return [one.strip() for one in os.environ.get(name, default).split(",") if one.strip()]


def _number(name: str, default: int) -> int:
    given = os.environ.get(name) or str(default)
    if not given.isdecimal() or not int(given):
        raise ImproperlyConfigured(f"{name}: {given!r} is no whole number from 1")
    return int(given)


def _proxies() -> tuple[object, ...]:
    try:
        return tuple(ip_network(one) for one in _listed("ZHENGWU_PROXIES", "127.0.0.1,::1" if HTTPS else ""))
    except ValueError as error:
        raise ImproperlyConfigured(f"ZHENGWU_PROXIES: {error}") from None


SECRET_KEY = _secret()
DATABASES = {"default": _database()}
# This machine always: whoever watches over a process asks it by its port, not by its public name.
_NAMES = _listed("ZHENGWU_HOSTS")
ALLOWED_HOSTS = [*_NAMES, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in _NAMES] if HTTPS else []
PROXIES = _proxies()
INSTALLED_APPS = [
    # First: where Django's own apps have the same words, these are translated as ours.
    "zhengwu.web.common",
    "zhengwu.web.reviews",
    "zhengwu.web.explorer",
    "zhengwu.web.budgets",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
]
MIDDLEWARE = [
    # First: all that follows, the log and the limits of rate and of wrong passwords, take the visitor's address.
    "zhengwu.web.common.proxies.ProxyMiddleware",
    "zhengwu.web.common.observe.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "zhengwu.web.common.session_rules.SessionLimitMiddleware",
    "zhengwu.web.common.session_rules.PasswordDueMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "zhengwu.web.common.middleware.PolicyMiddleware",
    "zhengwu.web.common.middleware.RefusedMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_USER_MODEL = "common.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "common/locked.html"
AXES_VERBOSE = False
LOGIN_URL = "common:sign-in"
LOGOUT_REDIRECT_URL = "explorer:home"
SESSION_COOKIE_AGE = _number("ZHENGWU_SESSION_HOURS", 10) * 3600  # a long working day
SESSION_IDLE_AGE = _number("ZHENGWU_SESSION_MINUTES", 60) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked on this machine, without HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

ROOT_URLCONF = "zhengwu.web.urls"
WSGI_APPLICATION = "zhengwu.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ]
        },
    },
    # For the rows of large tables: their cells are thousands. Its templates lie in folders called jinja2.
    {"BACKEND": "django.template.backends.jinja2.Jinja2", "APP_DIRS": True},
]
FORM_RENDERER = "django.forms.renderers.Jinja2"  # a choice of 200 departments takes a tenth of the time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("ZHENGWU_STATIC") or HOME / "static").resolve()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Names with the content's hash, so that browsers keep them for good.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # Readable by a web server in front: they are public.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
MEDIA_ROOT = HOME / "files"  # never served as such: views check who may see them
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FILES = 200
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # the page of an adjustment has one for each line of the budget
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
BUREAU = os.environ.get("ZHENGWU_BUREAU", "").strip() or "财政局"
_EMAIL = _email()
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = _EMAIL["HOST"], _EMAIL["PORT"], 20  # without a host nothing is sent
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _EMAIL["USER"], _EMAIL["PASSWORD"]
EMAIL_USE_SSL, EMAIL_USE_TLS, DEFAULT_FROM_EMAIL = _EMAIL["SSL"], _EMAIL["TLS"], _EMAIL["FROM"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "zhengwu.web.common.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ZHENGWU_LOG", "WARNING").upper()},
    "loggers": {
        "zhengwu.request": {"level": "INFO"},
        "django.request": {"level": "ERROR"},  # zhengwu.request has the 4xx already
    },
}
