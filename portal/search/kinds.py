"""The kinds of thing that can be found, and which of them are the case's own words."""

from django.db import models


class Kind(models.IntegerChoices):
    """What was found; the first are the ones that people look for most."""

    REFERENCE = 1, "Reference"
    RESIDENT = 2, "Resident"
    HOME = 3, "Address"
    SUMMARY = 4, "Complaint"
    TASK = 5, "Task"
    THREAD = 6, "Messages"
    MESSAGE = 7, "Message"
    DOCUMENT = 8, "Document"
    DETERMINATION = 9, "Determination"


# What the case itself says: whoever sees the case sees them. Of every other kind the thing itself is asked.
OF_THE_CASE = frozenset({Kind.REFERENCE, Kind.RESIDENT, Kind.HOME, Kind.SUMMARY})
# What whoever sees the case may open, so that its words need no further question. The others may be kept from a landlord.
OPEN_TO_ALL = OF_THE_CASE | {Kind.TASK, Kind.THREAD, Kind.MESSAGE}
