"""Who asks, as far as a request can show it: the IP behind our proxies, and the browser's name.

What a client may write itself is not believed: of X-Forwarded-For only what our own proxies added at its end counts.
"""

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Layout", r"Layout/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("Mac", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux"),
)


def ip_of(request: HttpRequest) -> str:
    """The client's address; what a proxy of ours added counts, what the client sent itself does not."""
    direct = str(request.META.get("REMOTE_ADDR") or "")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    named = hops[-proxies] if 0 < proxies <= len(hops) else direct
    return next((ip for ip in (named, direct) if _is_ip(ip)), "0.0.0.0")  # noqa: S104 (nobody's address)


def network_of(request: HttpRequest) -> str:
    """The address as limits count it: of IPv6 the /64, which one household or office owns."""
    ip = ipaddress.ip_address(ip_of(request))
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)


def user_agent_of(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:300]


def browser_words(user_agent: str) -> str:
    """The browser and system in a person's words, such as "Firefox on Windows"."""
    browser = next((name for name, mark in _BROWSERS if re.search(mark, user_agent)), "Unknown browser")
    system = next((name for name, mark in _SYSTEMS if re.search(mark, user_agent)), "")
    return f"{browser} on {system}" if system else browser


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
