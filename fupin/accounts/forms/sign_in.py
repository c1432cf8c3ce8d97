"""Forms of signing in and of proving once more who one is."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from fupin.accounts.models import User


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label="用户名",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="口令", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class ProofForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label="口令",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class CodeForm(forms.Form):
    """The one-time code."""

    code = forms.RegexField(
        r"^\d{6}$",
        label="动态口令",
        error_messages={"invalid": "动态口令是 6 位数字"},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 6, "autofocus": True}
        ),
    )


class PasswordChangeForm(forms.Form):
    """The present password and, twice, the new one."""

    present = forms.CharField(
        label="现在的口令",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new = forms.CharField(
        label="新口令",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次新口令",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new(self) -> str:
        """Hold the new password to the rules."""
        password: str = self.cleaned_data["new"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Compare both entries of the new password."""
        cleaned = super().clean() or {}
        if "new" in cleaned and cleaned.get("again") != cleaned["new"]:
            self.add_error("again", "两次输入的新口令不一致")
        return cleaned
