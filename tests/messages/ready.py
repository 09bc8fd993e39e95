"""Everything one email needs: a client who agreed, a topic with its wording, an approved text; made by operations."""

import uuid
from dataclasses import dataclass

from portal.clients.operations import add_client
from portal.consent.operations import add_wording, make_topic, record_consent
from portal.db import transaction
from portal.message_templates.operations import approve, make_template, save_draft
from portal.messages.operations.enqueue import Order, queue_message
from portal.web.actor import SYSTEM
