"""How large a document may be (D9)."""

from portal.lib.amounts import file_size

LIMIT_BYTES = 20_971_520  # one byte more is refused
LIMIT_WORDS = file_size(LIMIT_BYTES)
