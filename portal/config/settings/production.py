"""A real portal behind a proxy that ends TLS. It refuses to start without its own secret key."""

from portal.config.settings.base import *  # noqa: F403
from portal.config.settings.base import ENV

if not ENV.secret_key:
    raise SystemExit(
        "PORTAL_SECRET_KEY is not set. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )
if ENV.demo:
    raise SystemExit("PORTAL_DEMO must not be set together with the production settings.")

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = ENV.hsts_seconds
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
