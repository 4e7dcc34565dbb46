"""Django's settings; what depends on the instance is read from its folder (TAIZHANG_HOME).

``taizhang.web.instance.open.point_at`` sets the folder; a server process gets it by environment.
"""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from taizhang.web.base.log_filter import without_trace
from taizhang.web.instance import paths as _home

PACKAGE = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "") not in ("", "0")


# --- the instance ----------------------------------------------------------------------------
TAIZHANG_HOME = Path(os.environ.get("TAIZHANG_HOME") or "taizhang-data").resolve()
if (TAIZHANG_HOME / _home.MARK).exists():
    TAIZHANG_INSTANCE = _home.mark_read(TAIZHANG_HOME)
    SECRET_KEY = TAIZHANG_INSTANCE.key("session").hex()
    DATABASES = {"default": _home.database_settings(TAIZHANG_INSTANCE)}
else:
    # Making migrations and checking types need settings, yet no instance: nothing is signed.
    TAIZHANG_INSTANCE = None  # type: ignore[assignment]
    SECRET_KEY = secrets.token_urlsafe(32)
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
MEDIA_ROOT = TAIZHANG_HOME / _home.MEDIA

# --- apps, from the ground up: an app imports only those above it in this list ------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_tasks",
    "django_tasks_db",
    "taizhang.web.audit",
    "taizhang.web.units",
    "taizhang.web.accounts",
    "taizhang.web.programmes",
    "taizhang.web.ledger",
    "taizhang.web.cases",
    "taizhang.web.things",
    "taizhang.web.figures",
    "taizhang.web.plans",
    "taizhang.web.assess",
    "taizhang.web.office",
    "taizhang.web.exchange",
    "taizhang.web.administration",
    "taizhang.web.desk",
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "taizhang.web.base.security.SecurityHeaders",
    "taizhang.web.base.progress.WorkingDone",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "taizhang.web.base.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "taizhang.web.accounts.login.sessions.SessionTimeout",
    "django_otp.middleware.OTPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "taizhang.web.urls"
WSGI_APPLICATION = "taizhang.web.instance.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "taizhang.web.accounts.context.host",
            ],
            "builtins": ["taizhang.web.base.way_tags"],
        },
    }
]

# --- language and time -------------------------------------------------------------------------
# Moments are stored in UTC; a "day" of the ledger is a day in Shanghai.
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [PACKAGE / "locale"]

# --- static files: served by whitenoise straight from the apps, no copying step -----------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

# --- security ----------------------------------------------------------------------------------
DEBUG = False
ALLOWED_HOSTS = [
    *("localhost", "127.0.0.1", "[::1]"),
    *filter(None, os.environ.get("TAIZHANG_HOSTS", "").split(",")),
]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"django.contrib.auth.password_validation.{name}",
        "OPTIONS": options,
    }
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "name")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
# --- log-in: five wrong passwords lock a name at an address for a quarter of an hour, twenty from
# wherever they come lock it everywhere (accounts.locks) ------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "accounts:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], ["username"]]
AXES_HANDLER = "taizhang.web.accounts.login.locks.Locks"
AXES_CLIENT_IP_CALLABLE = "taizhang.web.accounts.login.locks.client_address"
# Knocking at a locked door does not keep it locked for its owner.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "taizhang.web.accounts.views.locked"
# Who logged in from where and when is nobody's business once the log-in has succeeded.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
OTP_TOTP_ISSUER = "Taizhang"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 24 * 3600  # accounts.sessions ends them sooner
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER: tuple[str, str] | None = None
# TAIZHANG_HTTPS=1 behind a reverse proxy that ends TLS and sets X-Forwarded-Proto.
if _flag("TAIZHANG_HTTPS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True

# --- jobs: `taizhang serve` runs a worker beside the pages; else a job is done where it is asked --
TAIZHANG_WORKER = _flag("TAIZHANG_WORKER")
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if TAIZHANG_WORKER
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}

# A client sends about 100 pictures and the form at once (OpenRosa); pages send a few.
DATA_UPLOAD_MAX_NUMBER_FILES = 110

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "without_trace": {"()": "django.utils.log.CallbackFilter", "callback": without_trace}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["without_trace"]}},
    # axes would write down names and addresses; people type passwords into the field of the name.
    "loggers": {"axes": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
