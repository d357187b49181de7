"""Forms of signing in and of a new password."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.core import context
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User

LONGEST_PASSWORD = 1000
NEW_PASSWORD = {"password1": _("The new password"), "password2": _("The new password once more")}


class SignInForm(LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail address"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        )
        self.fields["password"].label = _("Password")
        self.fields["password"].max_length = LONGEST_PASSWORD
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["remember"].label = _("Stay signed in on this device")
        self.order_fields(["login", "password", "remember"])

    def user_credentials(self) -> dict[str, Any]:
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data.get("password")}

    def clean_password(self) -> str:
        return _clean_secret(self.cleaned_data["password"])

    def _clean_with_password(self, credentials: dict[str, Any]) -> Any:
        try:
            return super()._clean_with_password(credentials)
        except ValidationError as exc:
            if getattr(exc, "code", "") in {"username_password_mismatch", "email_password_mismatch"}:
                raise ValidationError(_("The address or the password is not right.")) from None
            raise


def _clean_secret(value: str) -> str:
    if len(value) > LONGEST_PASSWORD or any(0xD800 <= ord(char) < 0xE000 or char == "\x00" for char in value):
        raise ValidationError(_("This password cannot be used."))
    return value


class ResetForm(ResetPasswordForm):
    """Asks for an address; the answer is the same whether somebody here has it."""

    def __init__(self, *args: Any, request: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        login = User.login_for(context.request.reseller.pk, email)
        self.users = list(User.objects.filter(login=login, is_active=True))
        return email


class PasswordForm(ChangePasswordForm):
    """The old password and twice the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self.fields, oldpassword=_("The password until now"), **NEW_PASSWORD)


class NewPasswordForm(ResetPasswordKeyForm):
    """Twice the new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self.fields, **NEW_PASSWORD)


def _label(fields: dict[str, forms.Field], **labels: Any) -> None:
    """A label stands above its field; nothing stands in the field."""
    for name, label in labels.items():
        fields[name].label = label
        fields[name].widget.attrs.pop("placeholder", None)
