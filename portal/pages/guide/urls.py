"""The addresses of what everybody may read before and after signing in: guide, video, policies, ways to reach us."""

from django.urls import path

from portal.pages.guide import contact, policies, reading, video

app_name = "guide"
urlpatterns = [
    path("guide/", reading.guide, name="guide"),
    path("guide/landlord-portal-guide.pdf", reading.guide_pdf, name="pdf"),
    path("guide/video/", video.watch, name="video"),
    path("guide/video/landlord-portal.webm", video.recording, name="video_file"),
    path("guide/video/captions.vtt", video.captions, name="video_captions"),
    path("acceptable-use/", policies.acceptable_use, name="acceptable_use"),
    path("accessibility/", policies.accessibility, name="accessibility"),
    path("contact/", contact.contact, name="contact"),
]
