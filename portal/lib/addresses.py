"""Which e-mail addresses a mail can be sent to at all: looking right is not enough, the domain must encode (IDNA)."""


def can_be_mailed(address: str) -> bool:
    """Whether the address can be put on an envelope. What it must look like is the form's to say."""
    name, _, domain = address.rpartition("@")
    try:
        domain.encode("idna")
    except UnicodeError:
        return False
    return bool(domain) and name.isascii()
