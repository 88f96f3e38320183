"""`{% load by_hand %}`: the form that adds an account by hand, for any page of a workspace."""

from __future__ import annotations

from django import template

from quarterdeck.channels.by_hand.forms import ByHandForm

register = template.Library()


@register.simple_tag(takes_context=True)
def by_hand_form(context, network: str = "") -> ByHandForm:
    """The empty form, with a network chosen when the page is about one."""
    brands = list(context["request"].workspace.brands.order_by("created_at"))
    return ByHandForm(brands=brands, initial={"network": network or "instagram"})
