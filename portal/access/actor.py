"""The person on whose behalf something happens, as the actions see them: built once a request, by the guard."""

from dataclasses import dataclass, field

from portal.access.permissions import Permission
from portal.access.roles import Role, permissions_of
from portal.lib.errors import NotAllowed


@dataclass(frozen=True)
class Actor:
    """Who acts. `landlord_id` is None for the service's own people; `team` is None for a landlord's."""

    user_id: int
    name: str
    role: Role
    landlord_id: int | None = None
    team: str | None = None
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    ip: str | None = None
    request_id: str = ""

    @property
    def is_landlord(self) -> bool:
        return self.landlord_id is not None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raises NotAllowed when the actor's role does not carry the permission."""
        if not self.may(permission):
            raise NotAllowed("Your account does not let you do this. Ask your administrator if you think it should.")


def landlord_actor(
    *, user_id: int, name: str, role: str, landlord_id: int, ip: str | None = None, request_id: str = ""
) -> Actor:
    return Actor(user_id, name, Role(role), landlord_id, None, permissions_of(role), ip, request_id)


def service_actor(
    *, user_id: int, name: str, role: str, team: str | None, ip: str | None = None, request_id: str = ""
) -> Actor:
    return Actor(user_id, name, Role(role), None, team, permissions_of(role), ip, request_id)
