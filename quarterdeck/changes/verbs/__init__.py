"""What happens to what is out: asked for by people (`asking`), answered by them where it is made by hand or not known
(`people`), and made by the loop (`working`).
"""

from quarterdeck.changes.verbs.asking import answer, edit, remove
from quarterdeck.changes.verbs.people import leave, retry, say_made, withdraw

__all__ = ["answer", "edit", "leave", "remove", "retry", "say_made", "withdraw"]
