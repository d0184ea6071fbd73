"""Settings that every kind of portal shares. What an operator may turn is read from the environment (portal/config/env.py)."""

from datetime import timedelta

from csp.constants import NONE, SELF

from portal.config import env as environment

ENV = environment.read()
DEBUG = False
SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = list(ENV.secret_key_fallbacks)  # former keys: what was sealed or signed with them still opens
ALLOWED_HOSTS = list(ENV.hosts)
PORTAL_URL = ENV.url
PORTAL_DEMO = ENV.demo
PORTAL_DATA = ENV.data
SERVICE_NAME = "Landlord Portal"
ORGANISATION_NAME = "Housing complaints ombudsman"
SUPPORT_ADDRESS = ENV.support_address
REVIEW_DAYS = ENV.review_days  # calendar days from issue in which a review of a determination may be asked for
FEEDBACK_DAYS = ENV.feedback_days  # for the task of a determination that only recommends
IT_ADDRESS = ENV.it_address  # mails about a fault come from here once it is referred to IT (S96)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "portal.audit",
    "portal.mail",
    "portal.files",
    "portal.content",
    "portal.accounts",
    "portal.landlords",
    "portal.teams",
    "portal.drafts",
    "portal.restrictions",
    "portal.filters",
    "portal.cases",
    "portal.documents",
    "portal.tasks",
    "portal.determinations",
    "portal.messaging",
    "portal.support",
    "portal.notifications",
    "portal.search",
    "portal.pages.design",
    "portal.pages.shared",
    "portal.pages.account",
    "portal.pages.landlord",
    "portal.pages.casework",
    "portal.pages.office",
    "portal.pages.help",
    "portal.pages.guide",
    "portal.demo",
]

MIDDLEWARE = [
    "portal.pages.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.pages.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.pages.middleware.body_limit",  # asks the session, and stands before everything that reads the body
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.pages.middleware.Person",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.pages.account.session_clock.session_clock",
    "allauth.account.middleware.AccountMiddleware",
    "portal.pages.shared.errors.explains_405",
]

ROOT_URLCONF = "portal.config.urls"
WSGI_APPLICATION = "portal.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": environment.database(ENV)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [
            environment.ROOT / "portal" / "demo" / "templates",
            *(
                environment.ROOT / "portal" / "pages" / area / "templates"
                for area in ("landlord", "casework", "office", "account", "help", "guide", "shared", "design")
            ),
        ],
        "OPTIONS": {
            "environment": "portal.pages.design.jinja.environment",
            "context_processors": ["portal.pages.design.jinja.token"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "mail",
        "APP_DIRS": True,
        "DIRS": [],
        "OPTIONS": {"autoescape": False, "context_processors": ["django.template.context_processors.request"]},
    },
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = ENV.data / "static"
TYPESETTING_FONTS = environment.ROOT / "portal" / "pages" / "design" / "static" / "built" / "fonts"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    # Documents: any Django storage; the names in it are the portal's own and never derive from the uploaded name.
    "documents": {
        "BACKEND": "portal.files.storage.FolderStorage",
        "OPTIONS": {
            "location": ENV.data / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
FILE_UPLOAD_HANDLERS = ["portal.pages.shared.writing.arrivals.NoticingUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
FILES_IN_ONE_FORM = 20
DATA_UPLOAD_MAX_NUMBER_FILES = FILES_IN_ONE_FORM
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_KEPT_FOR = timedelta(hours=24)
WAITING_UPLOADS_LIMIT = 200  # of one person in one place; what is submitted waits no longer (S79)
WAITING_UPLOADS_LIMIT_BYTES = 2 * 1024**3
BODY_LIMIT_BYTES = 22 * 1024 * 1024
BODY_LIMIT_MANY_FILES_BYTES = 440 * 1024 * 1024

# Signing in. The sign-in library is driven from portal/pages/account; each setting below closes a trap that a test holds.
AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004"
]  # addresses are unique without regard to case: a constraint on Lower("email"), which the check cannot see
AUTHENTICATION_BACKENDS = ["portal.accounts.backend.AddressBackend"]
PASSWORD_HASHERS = [
    "portal.accounts.hashing.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # passwords made before Argon2; each changes at its next sign-in
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_LINK_LIFE = timedelta(hours=1)
KNOWN_BROWSER_COOKIE = "portal-browser"
ACCOUNT_ADAPTER = "portal.pages.account.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 2
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_RATE_LIMITS = False  # the cache may be emptied; portal/accounts/rate_limits.py counts in the database
MFA_ADAPTER = "portal.pages.account.factor_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a challenge of any page then asks for both: having it and being its owner
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = SERVICE_NAME
STEP_UP_LASTS = timedelta(minutes=10)
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.trusted_proxies

SESSION_ENGINE = "portal.restrictions.sessions"
SESSION_COOKIE_AGE = ENV.session_hours * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_IDLE = timedelta(minutes=ENV.idle_minutes)
SESSION_IN_ALL = timedelta(hours=ENV.session_hours)
SESSION_ANONYMOUS = timedelta(hours=2)  # how long somebody may take who has not signed in
DRAFT_KEPT_FOR = timedelta(days=14)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "portal.pages.shared.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = ENV.smtp_host
EMAIL_PORT = ENV.smtp_port
EMAIL_HOST_USER = ENV.smtp_user
EMAIL_HOST_PASSWORD = ENV.smtp_password
EMAIL_USE_TLS = ENV.smtp_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENV.mail_from

# Notification e-mails leave in these hours of London's working days, so many to a person in an hour; the rest is digested.
SENDING_HOURS = ENV.sending_hours
MAILS_AN_HOUR = ENV.mails_an_hour

# The support mailbox, which the worker looks through when a host is named; else bin/receive takes mail (D15).
IMAP_HOST, IMAP_PORT, IMAP_FOLDER, IMAP_PLAIN = ENV.imap_host, ENV.imap_port, ENV.imap_folder, ENV.imap_plain
IMAP_USER, IMAP_PASSWORD = ENV.imap_user, ENV.imap_password
IMAP_REST = timedelta(minutes=1)

# The worker: how long it may hold a row before another worker takes it over, and how long it rests with nothing to do.
CLAIM_LEASE = timedelta(seconds=120)
WORKER_REST_SECONDS = 0.5

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "mask_secrets": {"()": "portal.lib.masking.MaskSecrets"},
        "one_line_refusals": {"()": "portal.lib.masking.OneLineRefusals"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["mask_secrets", "one_line_refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own handlers, set before, would write the paths as they are.
    "loggers": {name: {"handlers": [], "level": "INFO", "propagate": True} for name in ("django", "django.server")},
}
