"""The page that answers "may we write to this client?" for every topic and channel, with every rule's answer."""

import uuid
from itertools import groupby

from flask import abort

from portal.clients.operations import note_viewed
from portal.clients.queries import find_client
from portal.config.channels import Channel
from portal.db import db, transaction
from portal.messages.forms import read_id
from portal.messages.queries.may_we_write import list_open_topics, list_topic_standings
from portal.messages.views.blueprint import about_clients
from portal.web.access import Permission, current_actor, requires
from portal.web.htmx import is_partial, request
from portal.web.pages import render


@about_clients.get("/<uuid:client_id>/may-we-write")
@requires(Permission.CLIENT_VIEW)
def show(client_id: uuid.UUID) -> str:
    """The whole page, once the look is in the log; or the one answer that the panel of the client's page asks for."""
    client = find_client(client_id) or abort(404)
    asked = read_id(request.args.get("topic")), request.args.get("channel", "")
    topics = list_open_topics(db.session())
    if is_partial():
        chosen = [topic for topic in topics if topic.id == asked[0]]
        channels = [channel for channel in Channel if channel == asked[1]]
        found = list_topic_standings(db.session(), client_id, chosen, channels)
        return render("messages/_may_we_write_answer.html", one=found[0] if found else None)
    with transaction():
        note_viewed(client, current_actor())
    standings = list_topic_standings(db.session(), client_id, topics)
    by_topic = [list(of_topic) for _, of_topic in groupby(standings, key=lambda one: one.topic.id)]
    return render("messages/may_we_write.html", client=client, topics=by_topic, asked=asked)
