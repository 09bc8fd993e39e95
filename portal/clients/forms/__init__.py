"""What staff type about clients, with the words for what is wrong."""

from portal.clients.forms.people import ClientChangeForm, NewClientForm
from portal.clients.forms.points import PointForm, ReplacementForm
from portal.clients.forms.reading import MergeForm, ReasonForm, RevealForm, SearchForm
from portal.clients.forms.wishes import PreferenceForm, filled

__all__ = [
    "ClientChangeForm",
    "MergeForm",
    "NewClientForm",
    "PointForm",
    "PreferenceForm",
    "ReasonForm",
    "ReplacementForm",
    "RevealForm",
    "SearchForm",
    "filled",
]
