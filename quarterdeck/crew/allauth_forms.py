"""allauth's forms where their words are not ours."""

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm


class SignIn(LoginForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail"
        _without_placeholders(self)


class ForgottenPassword(ResetPasswordForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"
        _without_placeholders(self)


class AddPasskey(AddWebAuthnForm):
    """Signing in without the password is the usual wish, so it is ticked."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = "Passkey on this device"
        self.fields["name"].help_text = "So that you know it again: “Laptop”, “Blue key”."
        passwordless = self.fields["passwordless"]
        passwordless.label = "Sign in with it alone, without the password"
        passwordless.help_text = "Without the tick it is a second step after the password."
        passwordless.initial = True


def _without_placeholders(form) -> None:
    # A label that stays says the same, and a placeholder looks like an answer.
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
