"""All settings (those of the REST door: rest_settings); what differs between installations is in the environment."""

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal import env
from portal.env import BASE_DIR, VAR_DIR
from portal.rest_settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401 - they are settings

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")  # mail can be read in a page, and the practice upstream is at hand
SECRET_KEY = env.secret("SECRET_KEY")
FIELD_KEYS = [key.strip() for key in env.secret("FIELD_KEYS").split(",") if key.strip()]
UPSTREAM_DIALECT = env.text("UPSTREAM_DIALECT")
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")
ADDRESS_EXCEPTIONS = frozenset(env.words("ADDRESS_EXCEPTIONS"))  # host:port that people may name though not public
PUBLIC_PORT = env.text("PUBLIC_PORT")  # in links, where the portal is not served at the usual port
SECURE = env.flag("SECURE")  # served by https only, as behind a proxy that ends TLS

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.events",
    "apps.resellers",
    "apps.accounts",
    "apps.notifications",
    "apps.servers",
    "apps.writes",
    "apps.images",
    "apps.dns",
    "apps.networks",
    "apps.statistics",
    "apps.billing",
    "apps.jobs",
    "apps.web",
    "apps.panel",
    "apps.api",
    "apps.operator",
]

MIDDLEWARE = [
    "apps.web.middleware.request_has_an_id",
    "apps.resellers.middleware.host_names_reseller",  # before all that redirects or serves files
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.login_stays_home",
    "apps.web.middleware.person_has_a_language",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.sign_in_is_seen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
ALLOWED_HOSTS = ["*"]  # apps.resellers.middleware refuses every host that is not a reseller's domain
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.web.context.brand",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    url = env.text("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}"
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if found["ENGINE"].endswith("sqlite3"):
        # A write-ahead row that a power cut undoes would be sent twice: hence FULL.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
        }
    elif not found["ENGINE"].endswith("postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must name PostgreSQL or SQLite.")
    return found


DATABASES = {"default": _database()}

STORE_SOCKET = VAR_DIR / "store.sock"
if len(str(STORE_SOCKET)) > 100:  # the kernel's limit of a socket's path is 107 bytes
    STORE_SOCKET = Path(tempfile.gettempdir()) / f"store-{sha256(str(VAR_DIR).encode()).hexdigest()[:16]}.sock"
STORE_IS_EMBEDDED = not env.text("REDIS_URL")
REDIS_URL = env.text("REDIS_URL") or f"unix://{STORE_SOCKET}?db=0"
CACHES = {"default": {"BACKEND": "apps.common.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}

CELERY_BROKER_URL = f"redis+socket://{STORE_SOCKET}?virtual_host=0" if STORE_IS_EMBEDDED else REDIS_URL

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["apps.accounts.auth.ResellerBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email",)},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "panel:servers"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "apps.accounts.auth.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "apps.accounts.reset_tokens.ResellerTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "apps.accounts.forms.SignInForm",
    "reset_password": "apps.accounts.forms.ResetForm",
    "change_password": "apps.accounts.forms.PasswordForm",
    "reset_password_from_key": "apps.accounts.forms.NewPasswordForm",
}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": None, "reset_password": "20/m/ip"}  # ours: throttling.py
ACCOUNT_PRESERVE_USERNAME_CASING = False
MFA_ADAPTER = "apps.accounts.second_factor.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True

SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "apps.web.errors.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 3600 * 24 * 365 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_SSL_REDIRECT = SECURE
SILENCED_SYSTEM_CHECKS = [
    "security.W005",
    "security.W021",
]  # other names under a reseller's domain are not ours to bind
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND = env.text("EMAIL_BACKEND") or (
    "apps.notifications.mailbox.MailboxBackend" if DEMO else "apps.notifications.smtp.SmtpBackend"
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env.text("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 15
MAILBOX_DIR = VAR_DIR / "mail"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "apps.events.request_ids.AddRequestId"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"handlers": [], "propagate": True}},
}
