"""Moving files from the database into the bucket that is configured. Idempotent; killed anywhere, it begins anew."""

from __future__ import annotations

import hashlib
from uuid import UUID

from quarterdeck.studio.models import File
from quarterdeck.studio.storage import Gone, Unreachable, bucket
from quarterdeck.studio.storage.database import Database


def move(pk: UUID) -> None:
    """Put a file into the bucket, read it back, and only then let its bytes in the database go.

    Raises Unreachable when the bucket cannot be asked: the file stays where it is.
    """
    from quarterdeck.studio import intake  # which puts the job for this into the queue

    file = File.objects.filter(pk=pk, in_bucket=False).first()
    if file is None or not bucket.is_configured():
        return
    there = bucket.Bucket()
    try:
        there.put(file, Database().get(file, 0, file.size))
    except Gone:
        if File.objects.filter(pk=pk, in_bucket=False).exists():
            raise
        return  # moved or deleted meanwhile
    whole = hashlib.sha256()
    for part in there.get(file, 0, file.size):
        whole.update(part)
    if whole.hexdigest() != file.sha256:
        raise Unreachable(f"The bucket {bucket.where()} gave back something else than was written.")
    if not intake.keep_moved(file):
        there.delete(file)  # it was deleted for good meanwhile
