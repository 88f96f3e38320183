"""Bluesky: posts are records in the account's own repository on its personal data server (PDS).

A post's place in the repository (its record key, a TID) and its every byte are fixed with the plan, so the same call
twice is one post, and whether it is out can be read there afterwards by anyone.

    keys.py        the record key
    record.py      what a post looks like as a record
    _cbor.py       the record's content identifier, as the server computes it
    xrpc.py        one call to a server, and what its refusals mean
    numbers.py     counts, replies and the account's own posts
    adapter.py     all of it behind the contract
    connection.py  signing in: by OAuth, or with an app password

    identity.py    who an account is: handle, DID, and the server that keeps it
    authority.py   where one signs in for that server
    client.py      who we are there; views.py shows it to the servers that ask
    oauth.py       asking, coming back, renewing and ending
    dpop.py        the proof that each call carries
    session.py     the tokens of an app password
    addresses.py   addresses as people and servers give them
"""
