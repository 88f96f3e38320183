"""A fake network for the benchmark of sending: it takes every POST, answers after five milliseconds, and keeps when the
request arrived. GET says it all. Standard library only, so that peers' environments can run it.

    python bench/_fake_instant.py PORT
"""

import asyncio
import json
import sys
import time

ANSWER = 0.005  # seconds
seen: list[tuple[float, str]] = []


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            came = time.time()
            length = next(
                (
                    int(line[15:])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length:")
                ),
                0,
            )
            body = await reader.readexactly(length)
            if head.startswith(b"GET"):
                said = json.dumps(seen).encode()
            else:
                seen.append((came, body.decode()))
                await asyncio.sleep(ANSWER)
                said = b'{"id": "%d"}' % len(seen)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(said)
            )
            writer.write(said)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(talk, "127.0.0.1", int(sys.argv[1]), backlog=4096, limit=2**20)
    await server.serve_forever()


asyncio.run(main())
