"""Addresses of the portal team's office, under /casework/: landlords, people, support, restrictions, content, e-mail."""

from portal.pages.office.content import urls as content
from portal.pages.office.landlords import urls as landlords
from portal.pages.office.mail import urls as mail
from portal.pages.office.people import urls as people
from portal.pages.office.restrictions import urls as restrictions
from portal.pages.office.support import urls as support

app_name = "office"
urlpatterns = [
    *landlords.urlpatterns,
    *people.urlpatterns,
    *support.urlpatterns,
    *restrictions.urlpatterns,
    *content.urlpatterns,
    *mail.urlpatterns,
]
