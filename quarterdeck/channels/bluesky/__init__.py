"""Bluesky: posts are records in the account's own repository on its personal data server (PDS).

A post's place in the repository (its record key, a TID) and its every byte are fixed with the plan, so the same call
twice is one post, and whether it is out can be read there afterwards by anyone.

    keys.py        the record key
    record.py      what a post looks like as a record
    _cbor.py       the record's content identifier, as the server computes it
    xrpc.py        one call to a server, and what its refusals mean
    numbers.py     counts, replies and the account's own posts
    adapter.py     all of it behind the contract
    connection.py  signing in with an app password
"""
