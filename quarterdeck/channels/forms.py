from django import forms


class NameForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name", help_text="What your team calls this channel.")
