"""What staff choose for an import: the file, what its columns become, and how it is written."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, FileField, IntegerField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.clients.rules import LANGUAGES, countries
from portal.imports.rules.consents import WordingChoice
from portal.imports.rules.encoding import ENCODING_WORDS, Encoding
from portal.imports.rules.mapping import Mapping as ColumnMapping
from portal.imports.rules.targets import TopicChoice
from portal.web.forms import Form

LONGEST_SOURCE = 200


def is_there(_form: Form, field: Any) -> None:
    """Refuses a form without a file."""
    if not field.data:
        raise ValidationError("Choose a file")


def choices(words: Mapping[Any, str]) -> list[SelectChoice]:
    """One choice for each word."""
    return [SelectChoice(str(value), label) for value, label in words.items()]


class UploadForm(Form):
    """A file of clients."""

    file = FileField("File", [is_there], description="CSV or Excel workbook (.xlsx). Its first line names the columns.")
    encoding = SelectField(
        "How its letters are written",
        choices=choices(ENCODING_WORDS),
        default=Encoding.DETECT,
        description="Choose one only where letters came out wrong.",
    )


class MappingForm(Form):
    """What holds for all rows; `mapping_form` adds a field for each column and each topic."""

    region = SelectField(
        "Country of phone numbers",
        choices=lambda: choices({"": "None: every number has its code"} | dict(countries())),
        description="For numbers without country code where the row has no country.",
    )
    language = SelectField(
        "Language", choices=choices(LANGUAGES), default="en", description="For new clients whose row has none."
    )
    overwrite = BooleanField("Update clients who are here already. Opt-outs stay, whatever the file says.")
    source = StringField(
        "Where the proof of the consents is",
        [Length(max=LONGEST_SOURCE, message=f"Say it in at most {LONGEST_SOURCE} letters")],
        description="For example: sign-up sheets of the 2025 fair, folder 12.",
    )

    confirmed = BooleanField("The people confirmed these consents, as double opt-in asks, and the proof says so")

    def columns(self) -> list[Any]:
        """The fields of the columns, in their order."""
        return [field for field in self if field.name.startswith("column-")]

    def wordings(self) -> list[Any]:
        """The fields of the topics, in their order."""
        return [field for field in self if field.name.startswith("wording-")]

    def mapping(self) -> ColumnMapping:
        """What was chosen."""
        return ColumnMapping(
            targets=[field.data for field in self.columns()],
            wordings={field.name.removeprefix("wording-"): field.data for field in self.wordings() if field.data},
            source=self.source.data or "",
            region=self.region.data,
            language=self.language.data,
            overwrite=self.overwrite.data,
            confirmed=self.confirmed.data,
        )

    def show(self, mapping: ColumnMapping) -> None:
        """Fills the form with a mapping that is known."""
        for field, target in zip(self.columns(), mapping.targets, strict=True):
            field.data = target
        for field in self.wordings():
            field.data = mapping.wordings.get(field.name.removeprefix("wording-"), field.data)
        self.region.data, self.language.data = mapping.region, mapping.language
        self.overwrite.data, self.source.data = mapping.overwrite, mapping.source
        self.confirmed.data = mapping.confirmed


class ConfirmForm(Form):
    """The number that the person saw, and what happens to rows that are not good."""

    number = IntegerField("Number", [InputRequired()])
    good_rows = BooleanField("If a row is not good any more by then, leave it out and go on")


def mapping_form(
    names: Sequence[str],
    targets: Mapping[str, str],
    topics: Iterable[TopicChoice],
    wordings: Iterable[WordingChoice],
) -> type[MappingForm]:
    """The form for a file with these columns: what each becomes, and which wording of each topic people read."""
    kept = list(wordings)
    fields: dict[str, Any] = {}
    for place, name in enumerate(names):
        fields[f"column-{place}"] = SelectField(name, choices=choices(targets))
    for topic in topics:
        words = {"": "Not chosen"} | {str(one.id): wording_words(one) for one in kept if one.topic_id == topic.id}
        fields[f"wording-{topic.id}"] = SelectField(f"Wording of {topic.name}", choices=choices(words))
    return type("FileMappingForm", (MappingForm,), fields)


def wording_words(wording: WordingChoice) -> str:
    """What a wording is called."""
    return f"{LANGUAGES.get(wording.language, wording.language)}, version {wording.version}"
