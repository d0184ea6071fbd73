"""Every address of the portal begins here. Each area has its own urls.py, in the guide's words."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.pages.account.urls")),
    path("", include("portal.pages.shared.urls")),
    path("casework/", include("portal.pages.casework.urls")),
    path("casework/", include("portal.pages.office.urls")),
    path("help/", include("portal.pages.help.urls")),
    path("", include("portal.pages.guide.urls")),
    path("", include("portal.pages.landlord.urls")),
]
if settings.PORTAL_DEMO:
    urlpatterns.insert(0, path("demo/", include("portal.demo.urls")))

handler400 = "portal.pages.shared.errors.bad_request"
handler403 = "portal.pages.shared.errors.not_allowed"
handler404 = "portal.pages.shared.errors.not_found"
handler500 = "portal.pages.shared.errors.broken"
