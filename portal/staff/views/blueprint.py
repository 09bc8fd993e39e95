"""The blueprint all staff pages hang on."""

from flask import Blueprint

blueprint = Blueprint("staff", __name__)
