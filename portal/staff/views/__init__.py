"""The pages of staff. Each module adds its routes to the one blueprint."""

from portal.staff.views import account, door, people, second_factor, set_up
from portal.staff.views.blueprint import blueprint
from portal.staff.views.session import install

__all__ = ["account", "blueprint", "door", "install", "people", "second_factor", "set_up"]
