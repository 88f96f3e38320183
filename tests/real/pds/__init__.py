"""A real Bluesky server (a PDS, the reference implementation) on this machine, for the tests marked `real`.

install.py    puts it into the user's cache, once: Node, the server and what reads its firehose, all pinned
directory.py  the did:plc directory it registers its accounts in: loopback, in memory
boot.mjs      starts it
server.py     boots it for a test run, makes accounts, and asks it things without the product
firehose.py   reads its firehose: the oracle for "exactly one create"
"""
