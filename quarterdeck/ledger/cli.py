"""`quarterdeck ledger …`: verify, prove, show keys, and the few repairs an operator may decide on."""

from __future__ import annotations

import argparse
import sys
import uuid

from quarterdeck.core.problems import Problem
from quarterdeck.engines import verify as check_a_pack
from quarterdeck.ledger import kinds, packs, reads, sequencer, signing, verbs
from quarterdeck.ledger.cli_arguments import add_arguments  # noqa: F401 - for `config/cli`, with `run`
from quarterdeck.ledger.models import Entry, Log
from quarterdeck.ledger.verify import Report, rebuild_tiles, verify, verify_all, verify_one


def run(args: argparse.Namespace) -> int:
    """Do it; 0 when all is well, 1 when something does not verify or cannot be done."""
    try:
        return _ACTS[args.act](args)
    except Problem as problem:
        print(" ".join(part for part in (problem.title, problem.next_step) if part), file=sys.stderr)
        return 1


def _verify(args: argparse.Namespace) -> int:
    if args.all or not args.id:
        return _told(verify_all())
    found = Entry.objects.select_related("log").filter(event_id=_id(args.id)).first()
    if found is not None:
        return _told([verify_one(found)], of=f"Entry {found.seq}")
    logs = _logs(args.id)
    return _told([verify(log) for log in logs])


def _told(reports: list[Report], of: str = "") -> int:
    for report in reports:
        what = of or f"{report.entries} entries, {report.checkpoints} checkpoints"
        print(f"{'sound ' if report.ok else 'BROKEN'} {report.log.origin}: {what}")
        for finding in report.findings + report.notes:
            print(f"  {finding}")
    if not reports:
        print("There is no log yet.")
    return 0 if all(report.ok for report in reports) else 1


def _proof(args: argparse.Namespace) -> int:
    found = Entry.objects.select_related("log").filter(event_id=_id(args.id)).first()
    if found is None:
        print(f"There is no entry with the id {args.id}.", file=sys.stderr)
        return 1
    sys.stdout.write(reads.prove(found).text())
    return 0


def _pack(args: argparse.Namespace) -> int:
    found = Entry.objects.select_related("log").filter(event_id=_id(args.id)).first()
    if found is None:
        print(f"There is no entry with the id {args.id}.", file=sys.stderr)
        return 1
    chosen = packs.choices(packs.life_of(found) if args.life else [found], None)
    wanted = {name.strip() for name in args.fields.split(",") if name.strip()}
    # Of a whole life, each entry shows what it has of these; of one entry, each name has to be there.
    names = {one.entry.event_id: wanted & {*one.shown, *one.kept} if args.life else wanted for one in chosen}
    sys.stdout.write(packs.make(chosen, names).decode())
    for _, number in packs.key_numbers(found.log):
        print(f"The number of the log’s key, to be compared by telephone: {number}", file=sys.stderr)
    return 0


def _key(args: argparse.Namespace) -> int:
    for log in _logs(args.id):
        for line in log.verifier_keys:
            print(line)
    return 0


def _checkpoint(args: argparse.Namespace) -> int:
    for log in _logs(args.id):
        newest = reads.newest_checkpoint(log)
        if newest is not None:
            print(newest.note)
        if log.stopped_because:
            print(f"{log.origin}: {log.stopped_because}", file=sys.stderr)
    return 0


def _new_epoch(args: argparse.Namespace) -> int:
    logs = _logs(args.id)
    if args.key_compromised:
        logs = [log for log in logs if log.verifier_keys]
    elif not args.id:
        sequencer.sequence_all()
        sequencer.sign_all(signing.begun())  # what is wrong now, not what was written down earlier
        logs = [log for log in _logs(None) if log.stopped_because]
    if not logs and args.key_compromised:
        print("No log here has a key yet, so there is none to revoke. Nothing was changed.")
        return 0
    if not logs:
        print("No log has stopped signing. To open a new epoch all the same, name its workspace.")
        return 0
    for log in logs:
        system = kinds.system(log.workspace_id)
        new = verbs.open_epoch(log.workspace_id, by=system, reason=args.reason, revoke=args.key_compromised)
        print(
            f"Epoch {new.epoch} is open: {new.origin}. Its first entry names the head of epoch {log.epoch}."
        )
    unsigned = sequencer.sign_all()
    if args.key_compromised and logs:
        _say_what_revoking_means(logs)
    return 1 if unsigned else 0


def _say_what_revoking_means(old: list[Log]) -> None:
    for log in _logs(None):
        if log.workspace_id in {one.workspace_id for one in old}:
            print(f"Its new key: {' '.join(log.verifier_keys)}")
    print(
        "The old keys sign nothing here any more, and the new logs say so. Whoever took one can still sign with it: "
        "of the closed epochs, believe only checkpoints that somebody outside held before it was taken. Give the new "
        "keys to everybody who kept the old ones, and save the folder of keys anew."
    )


def _adopt(args: argparse.Namespace) -> int:
    done = 0
    for log in _logs(args.id):
        if signing.outside_file(log.origin).exists() or reads.newest_checkpoint(log) is None:
            continue
        found = signing.adopt(log)
        print(f"{log.origin}: the checkpoint of {found.size} entries is now the record outside the database.")
        done += 1
    if not done:
        print("There was nothing to adopt: every log with a checkpoint has its record outside the database.")
    return 0


def _rotate_key(args: argparse.Namespace) -> int:
    for log in _logs(args.id):
        if not log.verifier_keys and not args.id:
            continue
        verbs.rotate_key(log.workspace_id, by=kinds.system(log.workspace_id))
        log.refresh_from_db()
        print(f"{log.origin} has a new key: {log.verifier_keys[-1]}")
        print(
            f"The one before it signs too until {signing.overlap_ends(log):%Y-%m-%d}. Save the folder of keys anew."
        )
    sequencer.sequence_all()
    return 1 if sequencer.sign_all() else 0


def _rebuild(args: argparse.Namespace) -> int:
    for log in _logs(args.id):
        print(f"{log.origin}: {rebuild_tiles(log)} tiles were made from its entries.")
    return 0


def _logs(workspace: str | None) -> list[Log]:
    """The open logs, or the one of a workspace."""
    logs = Log.objects.filter(closed_at__isnull=True).order_by("workspace_id")
    if workspace:
        logs = logs.filter(workspace_id=_id(workspace))
        if not logs:
            raise Problem(f"There is no open log and no entry with the id {workspace}.")
    return list(logs)


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Problem(
            f"“{text}” is not an id.", next_step="The ledger’s pages show each entry’s id."
        ) from None


_ACTS = {
    "verify": _verify,
    "proof": _proof,
    "pack": _pack,
    "verify-pack": check_a_pack.run,
    "key": _key,
    "checkpoint": _checkpoint,
    "new-epoch": _new_epoch,
    "adopt": _adopt,
    "rotate-key": _rotate_key,
    "rebuild-tiles": _rebuild,
}
