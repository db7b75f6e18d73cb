"""Working values: what the reviewer sees and edits.

Every row keeps, beside its typed columns, where each value came from in `sources`:

    {"price": {"origin": "read" | "derived" | "typed", "text": "128.00", "score": 0.97, "rect": [l, t, r, b], "page": 0,
               "alternatives": ["126.00"], "by": "user name or account", "revision": 3}}

An empty text or a null number means "not printed or not read".
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from claims.models.document import Document
from claims.models.exact import ExactJSONField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COMPARED_LENGTH = 80
"""How much of a hospital's name its index holds: a misread text of any length must still be kept."""


def number_field(label: StrOrPromise) -> models.DecimalField[Decimal | int | str | None, Decimal | None]:
    """Money, quantities, ratios and health values: fifteen digits, four of them decimals, exact on both databases."""
    return models.DecimalField(label, max_digits=15, decimal_places=4, null=True, blank=True)


def flag_field(label: StrOrPromise) -> models.SmallIntegerField[int | None, int | None]:
    """A vendor's flag: -1 cannot be checked, 0 failed, 1 passed."""
    return models.SmallIntegerField(label, null=True, blank=True)


class SourcedRow(models.Model):
    """A row of working values whose every value knows its origin."""

    sources = models.JSONField(default=dict, blank=True)
    extra = ExactJSONField(_("keys beyond the document"), default=dict, blank=True)

    class Meta:
        abstract = True


class NumberedRow(SourcedRow):
    """A row in a list of the document; `n` is its place, from 0."""

    n = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering = ("document", "n", "id")


class InvoiceHeader(SourcedRow):
    """The header fields of an invoice (`medical_result` without its lists)."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="invoice", primary_key=True)
    type = models.SmallIntegerField(_("type"), null=True, blank=True)
    note_no = models.TextField(_("invoice number"), blank=True, db_index=True)
    note_code = models.TextField(_("invoice code"), blank=True)
    check_code = models.TextField(_("check code"), blank=True)
    patient_name = models.TextField(_("patient"), blank=True)
    patient_gender = models.SmallIntegerField(_("gender"), null=True, blank=True)
    billing_date = models.DateField(_("billing date"), null=True, blank=True)
    hospital_name = models.TextField(_("hospital"), blank=True)
    hospital_no = models.TextField(_("outpatient number"), blank=True)
    hospital_admitted = models.DateField(_("admitted"), null=True, blank=True)
    hospital_discharged = models.DateField(_("discharged"), null=True, blank=True)
    hospital_days = number_field(_("days in hospital"))
    total_cost = number_field(_("total"))
    total_cost_in_words = models.TextField(_("total in words"), blank=True)
    medical_insurance_type = models.TextField(_("insurance type"), blank=True)
    medical_organization_type = models.TextField(_("institution type"), blank=True)
    service_serial_number = models.TextField(_("serial number"), blank=True)
    social_security_card_number = models.TextField(_("social security number"), blank=True, db_index=True)
    charging_units = models.TextField(_("charging unit"), blank=True)
    payee = models.TextField(_("payee"), blank=True)
    payments_class_b = number_field(_("class B self-paid"))
    payments_class_c = number_field(_("class C self-paid"))
    average_prob = number_field(_("mean score"))
    qr_code = models.TextField(_("QR code"), blank=True)
    checksum = models.JSONField(_("the provider's checks"), default=dict, blank=True)

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = (
            models.Index(Left("hospital_name", COMPARED_LENGTH), name="invoice_by_hospital"),
            models.Index(fields=("billing_date", "total_cost"), name="invoice_by_visit"),
        )

    def __str__(self) -> str:
        return self.note_no or str(self.pk)


class LineItem(NumberedRow):
    """One line of the detail list (`cost_detail_list`)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="line_items")
    name = models.TextField(_("matched name"), blank=True)
    ocr_name = models.TextField(_("name"), blank=True)
    origin_ocr_name = models.TextField(_("name as printed"), blank=True)
    category = models.TextField(_("category"), blank=True)
    level = models.TextField(_("level"), blank=True)
    medical_type = models.SmallIntegerField(_("medical type"), null=True, blank=True)
    spec = models.TextField(_("specification"), blank=True)
    quantity = number_field(_("quantity"))
    unit_price = number_field(_("unit price"))
    price = number_field(_("price"))
    selfpay = number_field(_("self-paid"))
    selfpay_ratio = number_field(_("self-paid ratio"))
    check_info = flag_field(_("line check"))
    check_info_price = flag_field(_("price check"))
    check_name_info = flag_field(_("name check"))

    class Meta(NumberedRow.Meta):
        verbose_name = _("line item")
        verbose_name_plural = _("line items")
        indexes = (models.Index(fields=("document", "n"), name="line_item_in_order"),)

    def __str__(self) -> str:
        return self.ocr_name or str(self.pk)


class CostCategory(NumberedRow):
    """One charge category (`cost_categories`)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="cost_categories")
    name = models.TextField(_("category"), blank=True)
    cost = number_field(_("cost"))

    class Meta(NumberedRow.Meta):
        verbose_name = _("cost category")
        verbose_name_plural = _("cost categories")
        indexes = (models.Index(fields=("document", "n"), name="cost_category_in_order"),)

    def __str__(self) -> str:
        return self.name or str(self.pk)


class Payment(NumberedRow):
    """One payment (`payments_info`)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="payments_info")
    name = models.TextField(_("payment"), blank=True)
    amount = number_field(_("amount"))
    check_info = flag_field(_("amount check"))

    class Meta(NumberedRow.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        indexes = (models.Index(fields=("document", "n"), name="payment_in_order"),)

    def __str__(self) -> str:
        return self.name or str(self.pk)


class HealthValue(NumberedRow):
    """One value of a health-check report (`data`). A number stands in `number`, everything else in `value_text`."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="health_values")
    key = models.CharField(_("key"), max_length=80)
    number = number_field(_("number"))
    value_text = models.TextField(_("text"), blank=True)
    unit = models.TextField(_("unit"), blank=True)
    reference = models.TextField(_("reference range as printed"), blank=True)
    found = models.BooleanField(_("found"), default=False)
    score = number_field(_("score"))

    class Meta(NumberedRow.Meta):
        verbose_name = _("health value")
        verbose_name_plural = _("health values")
        indexes = (models.Index(fields=("document", "n"), name="health_value_in_order"),)

    def __str__(self) -> str:
        return self.key
