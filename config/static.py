"""Static files with hashed names, compressed once."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

_EVERY_IMPORT = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]
STATIC_IMPORTS = _EVERY_IMPORT[:3]
"""Without the last one, `import("…")`: we load nothing late, and type comments say `import("./grid.js").Grid`."""


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # ships no types
    """Rewrites `import … from "./x.js"` to hashed names in our own modules only.

    Django's patterns also match inside comments and fail on third-party files (htmx's extensions say `import "htmx"` in
    one).
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("claimdesk/js/*.js", STATIC_IMPORTS))
    max_post_process_passes = 12
    """A module's name changes with those of the modules it imports: one pass for each step of the longest chain."""
