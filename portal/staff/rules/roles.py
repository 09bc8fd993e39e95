"""Which role may do what, and which roles must have a second factor."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.staff.models import Role
from portal.web.permissions import Permission

ROLE_LABELS: Mapping[Role, str] = MappingProxyType(
    {
        Role.ADMIN: "Administrator",
        Role.COMPLIANCE_OFFICER: "Compliance officer",
        Role.MARKETER: "Marketer",
        Role.VIEWER: "Viewer",
    }
)

SECOND_FACTOR_ROLES = frozenset({Role.ADMIN, Role.COMPLIANCE_OFFICER})

EVERYBODY = frozenset({Permission.PUBLIC, Permission.SIGNED_IN, Permission.HOME_VIEW})

GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ADMIN: EVERYBODY
        | {
            Permission.AUDIT_VIEW,
            Permission.AUDIT_VERIFY,
            Permission.CONSENT_VIEW,
            Permission.SUPPRESSION_REMOVE,
            Permission.ANALYTICS_VIEW,
            Permission.HEALTH_VIEW,
            Permission.SETTINGS_VIEW,
            Permission.SETTINGS_CHANGE,
            Permission.STAFF_VIEW,
            Permission.STAFF_CHANGE,
            Permission.TEMPLATE_VIEW,
        },
        Role.COMPLIANCE_OFFICER: EVERYBODY
        | {
            Permission.AUDIT_VIEW,
            Permission.AUDIT_VERIFY,
            Permission.CLIENT_VIEW,
            Permission.CLIENT_CHANGE,
            Permission.CLIENT_REVEAL,
            Permission.CLIENT_IMPORT,
            Permission.CONSENT_VIEW,
            Permission.CONSENT_CHANGE,
            Permission.SUPPRESSION_CHANGE,
            Permission.SUPPRESSION_REMOVE,
            Permission.ANALYTICS_VIEW,
            Permission.HEALTH_VIEW,
            Permission.MESSAGE_VIEW,
            Permission.MESSAGE_READ,
            Permission.SETTINGS_VIEW,
            Permission.STAFF_VIEW,
            Permission.TEMPLATE_VIEW,
            Permission.TEMPLATE_APPROVE,
        },
        Role.MARKETER: EVERYBODY
        | {
            Permission.CLIENT_VIEW,
            Permission.CONSENT_VIEW,
            Permission.ANALYTICS_VIEW,
            Permission.HEALTH_VIEW,
            Permission.MESSAGE_VIEW,
            Permission.MESSAGE_SEND,
            Permission.MESSAGE_READ,
            Permission.TEMPLATE_VIEW,
            Permission.TEMPLATE_CHANGE,
            Permission.TEMPLATE_APPROVE,
        },
        Role.VIEWER: EVERYBODY
        | {Permission.CLIENT_VIEW, Permission.CONSENT_VIEW, Permission.MESSAGE_VIEW, Permission.TEMPLATE_VIEW},
    }
)


def may(role: Role, permission: Permission) -> bool:
    """Whether the role carries the permission; what is not written here is refused."""
    return permission in GRANTS[role]


def needs_second_factor(role: Role) -> bool:
    """Whether a person of this role does nothing before a second factor is set up."""
    return role in SECOND_FACTOR_ROLES
