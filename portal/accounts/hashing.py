"""How passwords are hashed, and how a wrong one takes the same work whoever was named (S9)."""

from django.contrib.auth.hashers import Argon2PasswordHasher, get_hashers, identify_hasher, make_password

from portal.accounts.models import User


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id as OWASP recommends it where memory is scarce: 19 MiB, two passes, one thread."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


def is_right(password: str, user: User | None) -> bool:
    """Whether it is the password of the user. Every kind of hash that an active person still has is made once, also for
    nobody and for somebody without a password: else the time would tell who has an account, or an old one."""
    encoded = user.password if user is not None and user.has_usable_password() else ""
    own = identify_hasher(encoded).algorithm if encoded else ""
    preferred, *former = (str(hasher.algorithm) for hasher in get_hashers())
    for algorithm in (preferred, *(one for one in former if _is_in_use(one))):
        if algorithm != own:
            make_password(password, hasher=algorithm)
    return user is not None and bool(own) and user.check_password(password)


def _is_in_use(algorithm: str) -> bool:
    return User.objects.filter(is_active=True, password__startswith=f"{algorithm}$").exists()
