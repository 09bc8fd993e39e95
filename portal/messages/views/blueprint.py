"""The blueprint of the message pages, and the filters their templates use."""

from flask import Blueprint

from portal.gate.rules.catalogue import RULE_IDS
from portal.messages.rules.words import CHANNELS, ENDS, MEANINGS, reason_words, shown_state

blueprint = Blueprint("messages", __name__, url_prefix="/messages")
# What this feature shows of one client on a page of its own.
about_clients = Blueprint("may_we_write", __name__, url_prefix="/clients")
blueprint.add_app_template_filter(lambda code: reason_words(code)[0], "reason")
blueprint.add_app_template_filter(lambda code: reason_words(code)[1], "reason_sentence")
blueprint.add_app_template_filter(lambda message: shown_state(message.state, message.attempts), "shown_state")
blueprint.add_app_template_filter(lambda state: MEANINGS.get(state, ""), "meaning")
blueprint.add_app_template_filter(lambda state: ENDS[state][0], "ending")
blueprint.add_app_template_filter(lambda channel: CHANNELS[channel], "channel")
blueprint.add_app_template_filter(lambda code: RULE_IDS.get(code, ""), "rule_id")
