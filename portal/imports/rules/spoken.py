"""A mapping as it is written on a command line: columns by their names, topics by their short names."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Pairs
from typing import Any

from portal.imports.rules.consents import WordingChoice
from portal.imports.rules.mapping import Mapping
from portal.imports.rules.targets import TopicChoice, consent_target, guess, target_choices


class NotMappable(ValueError):
    """A mapping that names something that is not there; the text says what there is."""


def spoken_mapping(
    names: Sequence[str], topics: Sequence[TopicChoice], wordings: Iterable[WordingChoice], chosen: Pairs[str, Any]
) -> Mapping:
    """The mapping that the options ask for; columns they do not name become what their names suggest."""
    targets = guess(names, topics)
    for column, target in _pairs(chosen["pairs"], "COLUMN=email"):
        if column not in names:
            raise NotMappable(f"There is no column “{column}”. There are: {', '.join(names)}.")
        targets[names.index(column)] = _target(target, topics)
    return Mapping(
        targets,
        wordings=dict(_wordings(chosen["wordings"], topics, list(wordings))),
        source=chosen["source"],
        region=chosen["region"],
        language=chosen["language"],
        overwrite=chosen["overwrite"],
        confirmed=chosen["confirmed"],
    )


def _pairs(texts: Iterable[str], form: str) -> Iterable[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.rpartition("=")
        if not equals:
            raise NotMappable(f"“{text}” has no =. Write it as {form}.")
        yield name.strip(), value.strip()


def _target(text: str, topics: Sequence[TopicChoice]) -> str:
    known = target_choices(topics)
    by_key = {f"consent:{topic.key}": topic.id for topic in topics}
    head, _, channel = text.rpartition(":")
    target = consent_target(by_key[head], channel) if head in by_key else text
    if target not in known:
        words = [one for one in known if one and ":" not in one]
        raise NotMappable(f"A column cannot become “{text}”. It can become: {', '.join(words)}, consent:TOPIC:CHANNEL.")
    return target


def _wordings(
    texts: Iterable[str], topics: Sequence[TopicChoice], wordings: Sequence[WordingChoice]
) -> Iterable[tuple[str, str]]:
    ids = {topic.key: topic.id for topic in topics}
    known = {(one.topic_id, f"{one.language}:{one.version}"): one.id for one in wordings}
    for key, version in _pairs(texts, "TOPIC=en:3"):
        found = known.get((ids[key], version)) if key in ids else None
        if found is None:
            raise NotMappable(f"There is no wording “{version}” of a topic “{key}”.")
        yield str(ids[key]), str(found)
