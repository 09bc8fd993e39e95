"""The pages of imports: choosing a file, mapping its columns, the check, the import, and its report."""

from portal.imports.views import deciding, mapping, report, show, upload
from portal.imports.views.blueprint import blueprint

__all__ = ["blueprint", "deciding", "mapping", "report", "show", "upload"]
