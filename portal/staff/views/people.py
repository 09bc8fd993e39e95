"""The list of staff and what each role may do; both are for reading."""

from portal.db import transaction
from portal.staff.models import Role
from portal.staff.operations.accounts import record_list_viewed
from portal.staff.queries import last_sign_ins, list_members
from portal.staff.rules.addresses import mask_email
from portal.staff.rules.roles import GRANTS, ROLE_LABELS, needs_second_factor
from portal.staff.views.blueprint import blueprint
from portal.web.access import ACTS, Permission, current_actor, requires
from portal.web.pages import render


@blueprint.get("/staff")
@requires(Permission.STAFF_VIEW)
def staff() -> str:
    members = list_members()
    with transaction():
        record_list_viewed(members, current_actor())
    return render(
        "staff/staff.html",
        members=members,
        labels=ROLE_LABELS,
        seen=last_sign_ins(),
        masked={member.id: mask_email(member.email) for member in members},
    )


@blueprint.get("/staff/roles")
@requires(Permission.STAFF_VIEW)
def roles() -> str:
    matrix = [(ACTS[permission], [permission in GRANTS[role] for role in Role]) for permission in weighty()]
    duty = [needs_second_factor(role) for role in Role]
    return render("staff/roles.html", labels=[ROLE_LABELS[role] for role in Role], matrix=matrix, duty=duty)


def weighty() -> list[Permission]:
    """The permissions that not everybody holds by being signed in."""
    return [permission for permission in Permission if permission not in {Permission.PUBLIC, Permission.SIGNED_IN}]
