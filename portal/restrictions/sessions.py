"""The session engine of the portal: with the session it reads the person whose it is and what stands in their way."""

from portal.accounts import sessions
from portal.accounts.models import Session, User
from portal.restrictions import access_state


class SessionStore(sessions.SessionStore):
    def read(self, key_digest: str) -> Session | None:
        return next(iter(access_state.sessions(None, key_digest=key_digest)), None)

    def person(self) -> User | None:
        """Whose session was read. None for nobody's, and for one that was made in this request."""
        read = self.row is not None and hasattr(self.row, "member")
        return access_state.person_of(self.row) if self.row is not None and read else None
