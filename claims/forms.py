"""Forms of the pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.deciding.decisions import Verdict
from claims.deciding.papers import Wanted
from claims.models import Claim, Decision, Document, LetterLanguage, Move, Paper, Policy
from claims.models.decision import ReasonCode
from claims.time_limits import end_of_day

ISO_DAY = "%Y-%m-%d"
"""What a browser's date field understands, whatever the language."""


class NewClaimForm(forms.Form):
    """Person, policy and currency of a claim that is opened by hand."""

    policy_number = forms.CharField(
        label=_("Policy number"),
        required=False,
        max_length=40,
        help_text=_("Leave it empty where it is not known yet."),
    )
    patient_name = forms.CharField(label=_("Patient"), required=False, max_length=120)
    currency = forms.ChoiceField(label=_("Currency"), choices=Claim.Currency.choices, initial=Claim.Currency.CNY)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        number = cleaned.pop("policy_number", "")
        cleaned["policy"] = Policy.objects.filter(number=number).first() if number else None
        if number and cleaned["policy"] is None:
            self.add_error("policy_number", _("There is no policy with this number."))
        return cleaned


class EditClaimForm(forms.Form):
    """What is known about a claim itself. `version`: the claim's, as the page showed it."""

    policy_number = forms.CharField(
        label=_("Policy number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "policies", "autocomplete": "off"}),
        help_text=_("The rules of its plan say what is paid. All documents are checked again."),
    )
    patient_name = forms.CharField(label=_("Patient"), required=False, max_length=120)
    currency = forms.ChoiceField(label=_("Currency"), choices=Claim.Currency.choices)
    priority = forms.IntegerField(
        label=_("Priority"), min_value=-100, max_value=100, help_text=_("Higher comes first.")
    )
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(format=ISO_DAY, attrs={"type": "date"})
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=400, help_text=_("For the record."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, claim: Claim, data: Any = None) -> EditClaimForm:
        due = timezone.localdate(claim.due_at) if claim.due_at else None
        number = claim.policy.number if claim.policy else ""
        same = {name: getattr(claim, name) for name in ("patient_name", "currency", "priority", "version")}
        return cls(data, initial={**same, "policy_number": number, "due_on": due})

    def clean_policy_number(self) -> Policy | None:
        number = self.cleaned_data["policy_number"].strip()
        policy = Policy.objects.filter(number=number).first() if number else None
        if number and policy is None:
            raise forms.ValidationError(_("There is no policy with this number."))
        return policy

    def changes(self) -> dict[str, Any]:
        """What the person changed, by the claim's own names."""
        changed = set(self.changed_data) - {"reason", "version"}
        found = {name: self.cleaned_data[name] for name in changed - {"policy_number", "due_on"}}
        if "policy_number" in changed:
            found["policy"] = self.cleaned_data["policy_number"]
        if "due_on" in changed:
            day = self.cleaned_data["due_on"]
            found["due_at"] = end_of_day(day) if day else None
        return found


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000)


class DismissForm(forms.Form):
    reason = forms.CharField(label=_("Why this is no duplicate"), max_length=400)


class ReturnForm(forms.Form):
    """What is missing, until when, and in which language to ask for it."""

    papers = forms.MultipleChoiceField(
        label=_("Papers that are missing"),
        choices=Paper.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    other_papers = forms.CharField(
        label=_("Other papers, one a line"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
        help_text=_("In the language of the letter: it is printed as you write it."),
    )
    papers_until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: the desk's usual time."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=LetterLanguage.choices)
    reason = forms.CharField(
        label=_("Why they are needed"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
        help_text=_("For the record; the letter only has the list."),
    )
    override_reason = forms.CharField(
        label=_("Why papers are asked for again"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=4000,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked_before: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asked_before:
            del self.fields["override_reason"]

    @property
    def version_seen(self) -> int:
        return int(self.cleaned_data["version"])

    def verdict(self) -> Verdict:
        data = self.cleaned_data
        return Verdict(
            outcome=Decision.Outcome.RETURNED,
            reason_code=ReasonCode.PAPERS_MISSING,
            reason=data["reason"],
            override_reason=data.get("override_reason", ""),
            wanted=Wanted(papers=tuple(data["papers"]), other=data["other_papers"], until=data["papers_until"]),
        )


class MoveForm(forms.Form):
    """Which documents go where, and why. `claim`: theirs; `visible`: the claims that this person may see."""

    WAYS = (
        (Move.What.MOVED, _("Move documents into another claim")),
        (Move.What.SPLIT, _("Split documents off into a new claim")),
        (Move.What.MERGED, _("Merge this claim into another")),
    )
    what = forms.ChoiceField(label=_("What"), choices=WAYS, initial=Move.What.MOVED)
    documents = forms.ModelMultipleChoiceField(
        label=_("Documents"), queryset=Document.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    to = forms.CharField(
        label=_("To the claim"),
        required=False,
        max_length=30,
        help_text=_("Number of the claim. A split opens a new one: leave it empty."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=400)
    other_policy = forms.BooleanField(
        label=_("The documents belong there although the policies differ"), required=False
    )

    def __init__(self, *args: Any, claim: Claim, visible: QuerySet[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claim, self.visible = claim, visible
        documents: Any = self.fields["documents"]
        documents.queryset = Document.objects.filter(claim=claim).select_related("claim__policy")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        what, number = cleaned.get("what"), cleaned.get("to", "").strip()
        cleaned["to"] = self.visible.select_related("policy").filter(number=number).first() if number else None
        if what == Move.What.SPLIT:
            cleaned["to"] = None
        elif cleaned["to"] is None:
            self.add_error("to", _("There is no such claim."))
        if what == Move.What.MERGED:
            documents: Any = self.fields["documents"]
            cleaned["documents"] = documents.queryset
        elif not cleaned.get("documents"):
            self.add_error("documents", _("Choose the documents."))
        return cleaned
