"""Every page, as a person meets it: both themes, a laptop and a phone. axe finds nothing serious, nothing runs off
to the side, the console is silent, and nothing breaks the content security policy.
"""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from quarterdeck.config import urls
from quarterdeck.crew.models import Member
from quarterdeck.shell.tests import browser
from tests import make, samples

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERY_DAY = [("light", browser.DESK), ("dark", browser.PHONE)]
THE_REST = [("dark", browser.DESK), ("light", browser.PHONE)]


def _names() -> list[str]:
    """Every named address of a workspace."""
    return sorted({p.name for p in get_resolver(urls).url_patterns[0].url_patterns if p.name})
