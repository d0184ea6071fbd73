"""The answers to a form, by the name that this wing's pages know."""

from portal.pages.shared.answers import done as done
from portal.pages.shared.answers import refused as refused
from portal.pages.shared.answers import tried as tried
