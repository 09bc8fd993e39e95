"""The pages for clients: settings, unsubscribing, confirming, asking for a link, and the code from the phone."""

from portal.preferences.views import centre, codes, confirm, links, requests, unsubscribe
from portal.preferences.views.blueprint import blueprint

__all__ = ["blueprint", "centre", "codes", "confirm", "links", "requests", "unsubscribe"]
