"""What the panel's order pages take: fields as the page has them; the order's service judges them."""

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _


class OrderForm(forms.Form):
    """`once` makes a double click, a reload and a resend harmless; `queue` joins the line of a busy server."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    queue = forms.BooleanField(label=_("Do it when the jobs before it have ended"), required=False)

    @staticmethod
    def fresh() -> str:
        """A word that nobody used before."""
        return secrets.token_hex(12)


class CloneForm(OrderForm):
    """A copy needs a name."""

    name = forms.CharField(label=_("Name of the copy"), max_length=400, required=False)


class ReinstallForm(OrderForm):
    """An image, perhaps a password, and the server's name once more."""

    template = forms.CharField(label=_("Image"), max_length=40, required=False)
    password = forms.CharField(label=_("Password"), required=False, max_length=400, strip=False)
    confirm = forms.CharField(label=_("Name of the server, to confirm"), required=False, max_length=400)
