"""The API's own pages: its description, and Swagger UI to look at it."""

from __future__ import annotations

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_required
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

schema = SpectacularAPIView.as_view()

_swagger = SpectacularSwaggerSplitView.as_view(template_name="claims/api_docs.html", url_name="claims:schema")
# Swagger UI's style sheet carries its icons as data: images; no other page may have any.
api_docs = csp_update({"img-src": ["data:"]})(login_required(_swagger))
