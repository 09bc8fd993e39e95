"""The blueprint of the import pages, and the words their templates use."""

from flask import Blueprint

from portal.imports.rules.encoding import ENCODING_WORDS, Encoding
from portal.imports.rules.problems import PROBLEMS, Problem
from portal.imports.rules.states import STATES
from portal.imports.rules.table import delimiter_word

blueprint = Blueprint("imports", __name__, url_prefix="/clients/imports")
blueprint.add_app_template_filter(delimiter_word, "delimiter")
blueprint.add_app_template_filter(lambda code: ENCODING_WORDS[Encoding(code)], "encoding")
blueprint.add_app_template_filter(lambda code: PROBLEMS[Problem(code)], "problem")
blueprint.add_app_template_filter(lambda state: STATES[state], "import_state")
