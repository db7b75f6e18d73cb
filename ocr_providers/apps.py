"""The application that knows documents and vendors, and nothing of claims."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OcrProvidersConfig(AppConfig):
    name = "ocr_providers"
    verbose_name = _("OCR providers")

    def ready(self) -> None:
        from ocr_providers.append_only import ensure_trigger  # models are loaded only now

        post_migrate.connect(ensure_trigger, sender=self)
