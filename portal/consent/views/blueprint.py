"""The blueprint of the consent pages, and the words their templates use."""

from flask import Blueprint

from portal.clients.rules import LANGUAGES
from portal.consent.rules import suppression, words

blueprint = Blueprint("consent", __name__)
for name, found in (
    ("topic_class_words", words.CLASSES),
    ("legal_basis_words", words.BASES_IN_WORDS),
    ("channel_name", words.CHANNELS),
    ("method_words", words.METHODS),
    ("standing_badge", words.STANDINGS),
    ("deed", words.DEEDS),
    ("language_name", LANGUAGES),
    ("suppression_reason", suppression.REASONS),
    ("suppression_origin", suppression.ORIGINS),
    ("suppression_scope", suppression.SCOPES),
    ("removal_badge", suppression.REMOVALS),
):
    blueprint.add_app_template_filter(found.__getitem__, name)
blueprint.add_app_template_filter(suppression.why_not_removable, "why_not_removable")
blueprint.add_app_template_filter(words.cap_words, "cap_words")
