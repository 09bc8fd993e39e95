"""The pages of figures: opt-outs, by day, channel, topic, way and text, and whether each was honoured."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from flask import Blueprint, Response

from portal.analytics.forms import PeriodForm
from portal.analytics.queries import OptOut, check_honoured, count_after_templates, count_handed, count_opt_outs
from portal.analytics.rules import PERIODS, Cell, Period, cells, period_until
from portal.analytics.rules.rates import ChannelLine, channel_line
from portal.config.channels import Channel
from portal.consent.models import TopicClass
from portal.consent.queries import list_topics
from portal.consent.rules.words import CHANNELS, METHODS
from portal.db import db, utc_now
from portal.settings.queries import value
from portal.settings.rules import organisation
from portal.settings.rules.opt_outs import RATE
from portal.web.access import Permission, requires
from portal.web.htmx import request
from portal.web.pages import render

blueprint = Blueprint("analytics", __name__, url_prefix="/analytics")
NO_MESSAGE = "No message in the two weeks before"
Name = TypeVar("Name", str, int)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page and its CSV show of one period."""

    total: Cell
    parts: Sequence[Cell]
    channels: Sequence[ChannelLine]
    topics: Sequence[Cell]
    ways: Sequence[Cell]
    templates: Sequence[Cell]


@blueprint.get("/opt-outs")
@requires(Permission.ANALYTICS_VIEW)
def opt_outs() -> str:
    """Counts of one period with their picture, and whether any opt-out was ever not honoured."""
    form = PeriodForm(request.args)
    period = chosen_period(form)
    facts = {"figures": figures_of(period), "honoured": check_honoured(db.session()), "rate_limit": value(RATE)}
    return render("analytics/opt_outs.html", None, form=form, period=period, words=PERIODS[form.key][0], **facts)


@blueprint.get("/opt-outs/csv")
@requires(Permission.ANALYTICS_VIEW)
def opt_outs_csv() -> Response:
    """The same figures as a table for spreadsheets, with the same ones hidden."""
    period = chosen_period(PeriodForm(request.args))
    figures = figures_of(period)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["part", "name", "opt_outs", "marketing_messages_handed_over"])
    for part, found in (("from", figures.parts), ("topic", figures.topics), ("way", figures.ways)):
        writer.writerows([part, harmless(cell.name), cell.text.replace(",", ""), ""] for cell in found)
    writer.writerows(["text", harmless(cell.name), cell.text.replace(",", ""), ""] for cell in figures.templates)
    writer.writerows(["channel", one.name, one.opt_outs.text.replace(",", ""), one.handed] for one in figures.channels)
    headers = {"Content-Disposition": f'attachment; filename="opt-outs-{period.first}-{period.last}.csv"'}
    return Response(text.getvalue(), mimetype="text/csv", headers=headers)


def harmless(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def chosen_period(form: PeriodForm) -> Period:
    """The period of the address, by the organisation's days."""
    return period_until(utc_now(), form.key, value(organisation.TIME_ZONE))


def figures_of(period: Period) -> Figures:
    """Counts of one period; small ones are hidden already."""
    session = db.session()
    found = count_opt_outs(session, period)
    topics = {topic.id: topic for topic in list_topics()}
    marketing = [one for one in found if topics[one.topic_id].topic_class == TopicClass.MARKETING]
    by_part = summed(found, lambda one: period.part_of(one.day))
    after = [(name or NO_MESSAGE, number) for name, number in count_after_templates(session, period)]
    return Figures(
        total=cells([("All", sum(one.number for one in found))])[0],
        parts=cells([(name_of(day), by_part[index]) for index, day in enumerate(period.parts)]),
        channels=channel_lines(marketing, count_handed(session, period)),
        topics=cells(summed(found, lambda one: topics[one.topic_id].name).most_common()),
        ways=cells(summed(found, lambda one: METHODS[one.method]).most_common()),
        templates=cells(after),
    )


def summed(found: Sequence[OptOut], key: Callable[[OptOut], Name]) -> Counter[Name]:
    """The numbers added up by what `key` makes of them."""
    counts: Counter[Name] = Counter()
    for one in found:
        counts[key(one)] += one.number
    return counts


def channel_lines(marketing: Sequence[OptOut], handed: dict[str, int]) -> list[ChannelLine]:
    """Marketing by channel: opt-outs beside what was handed over."""
    counts = summed(marketing, lambda one: one.channel)
    shown = cells([(channel, counts[channel]) for channel in Channel])
    limit = value(RATE)
    return [channel_line(CHANNELS[cell.name], cell, handed.get(cell.name, 0), limit) for cell in shown]


def name_of(day: date) -> str:
    """The first day of a part, without its year, which the period tells."""
    return f"{day.day} {day:%b}"
