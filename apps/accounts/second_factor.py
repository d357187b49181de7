"""The second factor: its secrets encrypted under our keys, its name the brand's."""

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter

from apps.common.fields import decrypt, encrypt


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's hooks."""

    def get_totp_issuer(self) -> str:
        return str(context.request.reseller.brand.name)

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)
