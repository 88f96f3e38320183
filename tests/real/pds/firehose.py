"""Reads a server's firehose (com.atproto.sync.subscribeRepos) from its beginning and writes one JSON line for each
change of a record: {"seq", "repo", "rev", "action", "path", "cid", "record"}.

Run by the installation's own Python, which has websockets and libipld and nothing of ours: an oracle that shares no
code with what it judges.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import libipld
from websockets.sync.client import connect


def main(address: str) -> None:
    # A record may be large; a commit of the server's own limits is below this.
    with connect(f"{address}/xrpc/com.atproto.sync.subscribeRepos?cursor=0", max_size=2**24) as stream:
        print(json.dumps({"listening": True}), flush=True)
        for frame in stream:
            header, body = libipld.decode_dag_cbor_multi(frame)
            if header.get("op") != 1:
                raise SystemExit(f"The firehose says: {body}")
            if header.get("t") == "#commit":
                _commit(body)


def _commit(body: dict[str, Any]) -> None:
    _, blocks = libipld.decode_car(body["blocks"])
    known = {_cid(key): value for key, value in blocks.items()}
    for change in body["ops"]:
        cid = _cid(change["cid"]) if change["cid"] else None
        line = {
            "seq": body["seq"],
            "repo": body["repo"],
            "rev": body["rev"],
            "action": change["action"],
            "path": change["path"],
            "cid": cid,
            "record": _json(known.get(cid)) if cid else None,
        }
        print(json.dumps(line), flush=True)


def _cid(raw: Any) -> str:
    return raw if isinstance(raw, str) else libipld.encode_cid(raw)


def _json(value: Any) -> Any:
    """A record as JSON; a link is bytes after decoding, and records of posts hold no other bytes."""
    if isinstance(value, dict):
        return {key: _json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_json(one) for one in value]
    if isinstance(value, bytes):
        return {"$link": "b" + base64.b32encode(value).decode().rstrip("=").lower()}
    return value


if __name__ == "__main__":
    main(sys.argv[1])
