"""What a database that came out of a backup must be told: whose words were erased after the backup was made."""

from __future__ import annotations

import uuid

from django.db import connection

from quarterdeck.ledger import erasures, verbs

_ERASED_HERE = "SELECT workspace_id, pseudonym FROM ledger_subject WHERE person_id IS NULL"
# What an erasure leaves nothing of. Payloads are looked at too: a transaction that ran beside it may have left one.
_BACK = """
SELECT e.workspace, e.pseudonym FROM unnest(%s::uuid[], %s::uuid[]) AS e(workspace, pseudonym)
JOIN ledger_log l ON l.workspace_id = e.workspace AND l.closed_at IS NULL
WHERE EXISTS (SELECT 1 FROM ledger_subject s WHERE s.pseudonym = e.pseudonym AND s.person_id IS NOT NULL)
   OR EXISTS (SELECT 1 FROM ledger_subjectkey k WHERE k.pseudonym = e.pseudonym)
   OR EXISTS (SELECT 1 FROM ledger_payload p WHERE p.subject = e.pseudonym)
"""


def erase_again() -> int:
    """Erase again whatever the file outside the database knows as erased and this database still holds; of how many
    people that was. What only the database knows is noted in the file. erasures.Unreadable when the file is torn."""
    with connection.cursor() as cursor:
        cursor.execute(_ERASED_HERE)
        erasures.note(cursor.fetchall())
        known = erasures.known()
        cursor.execute(_BACK, [[one[0] for one in known], [one[1] for one in known]])
        back: list[tuple[uuid.UUID, uuid.UUID]] = cursor.fetchall()
    for workspace, pseudonym in back:
        verbs.erase_again(workspace, pseudonym)
    return len(back)
