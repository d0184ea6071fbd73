"""The person on whose behalf something happens, as the actions see them: built once a request, by the guard."""

from dataclasses import dataclass, field

from portal.access.levels import Level, left_by
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
    restriction: Level | None = None  # what stands in the person's way now; `permissions` are already what it leaves

    @property
    def is_landlord(self) -> bool:
        return self.landlord_id is not None

    @property
    def has_warning_to_read(self) -> bool:
        return self.restriction is not None and self.restriction.must_be_read

    @property
    def is_shut_out(self) -> bool:
        return self.restriction is not None and self.restriction.shuts_out

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raises NotAllowed when the actor's role does not carry the permission, or a restriction takes it away."""
        if not self.may(permission):
            if self.restriction and permission in permissions_of(self.role):
                raise NotAllowed(
                    "Nothing was changed. Your access to the portal is restricted, and this is not part of it now."
                )
            raise NotAllowed("Your account does not let you do this. Ask your administrator if you think it should.")


def landlord_actor(
    *,
    user_id: int,
    name: str,
    role: str,
    landlord_id: int,
    ip: str | None = None,
    request_id: str = "",
    restriction: Level | None = None,
) -> Actor:
    permissions = left_by(restriction, permissions_of(role))
    return Actor(user_id, name, Role(role), landlord_id, None, permissions, ip, request_id, restriction)


def service_actor(
    *, user_id: int, name: str, role: str, team: str | None, ip: str | None = None, request_id: str = ""
) -> Actor:
    return Actor(user_id, name, Role(role), None, team, permissions_of(role), ip, request_id)
