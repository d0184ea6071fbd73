"""Checks that a picture holds no web page and no script anywhere.

Data behind the end of a picture is no sign of harm: phones put the film of a motion photo there, a second picture or zeros. So
the whole file is searched, but only for tags that neither compressed data nor the picture's metadata (XMP) contain.
"""

import re
from typing import BinaryIO

from .reading import windows
from .verdicts import Barred, Reason

# Of at least six bytes: in 20 MB of film a shorter one turns up by chance.
_HIDDEN = re.compile(rb"<(?:!doctype\s+html|(?:html|script|iframe)[\s/>]|\?php\s)", re.IGNORECASE)


def something_else(spool: BinaryIO) -> Barred | None:
    if any(_HIDDEN.search(window) for _, window in windows(spool)):
        return Barred(Reason.WEB_PAGE, "A web page or a script is hidden in the picture.")
    return None
