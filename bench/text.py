"""The text counter: counts a minute on one core for every network, beside two Python packages that count the same.

Made-up posts of 60 to 280 code points in five scripts, a third with an address, a third with emoji; seeded. Peers:
twitter-text-parser (X's weights) and grapheme (clusters), each in the peers' own environment, in the same run.
"""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
import time
from pathlib import Path

from bench._real import environment, row
from quarterdeck.engines.text import NETWORKS, count, entities, facets

SEED = 20261123
POSTS = 6000
WORDS = """\
soup of the day is up at noon. come by and say hello, we made it since 1998! all right? yes
Größe café naïve über Straße señor mañana façade — “ja” … s’il vous plaît, très bien. Ça va?
суп дня готов в полдень. приходите и скажите нам, что вы думаете! спасибо всем, кто был
本日の スープは 正午に 出来上がります。 ぜひ お越しください。 皆様の ご来店を お待ちして おります。
आज का सूप दोपहर को तैयार है। आइए और हमें बताइए कि आपको कैसा लगा।"""
EXTRAS = "#soup #lunch @ann @ann@example.social $TSLA 1st 2.5 e.g. u.s."
ADDRESSES = "https://example.com/menu/today?ref=x www.example.org http://b.example.co.uk/a_(b)"
EMOJI = ["🍲", "👩🏽‍🍳", "❤️", "🎉🎉", "👍🏽", "🇯🇵", "👨‍👩‍👧‍👦", "1️⃣"]
PEERS = ("twitter-text-parser==3.0.0", "grapheme==0.6.0", "setuptools<81")
NAMED = {"x": "twitter-text-parser", "bluesky": "grapheme"}


def posts() -> list[str]:
    draw = random.Random(SEED)
    made = []
    for _ in range(POSTS):
        words, size, text = draw.choice(WORDS.splitlines()).split(), draw.randint(60, 280), ""
        pool = [*words * 2, draw.choice(EXTRAS.split())]
        pool += ADDRESSES.split() if draw.random() < 1 / 3 else []
        pool += EMOJI if draw.random() < 1 / 3 else []
        while len(text) < size:
            text += draw.choice(pool) + " "
        made.append(text.strip())
    return made


def microseconds(function, given: list[str]) -> float:
    for text in given[:50]:
        function(text)
    began = time.process_time()
    for text in given:
        function(text)
    return (time.process_time() - began) / len(given) * 1e6


def peers(given: list[str]) -> dict[str, dict]:
    python = environment("text", *PEERS)
    with tempfile.TemporaryDirectory() as scratch:
        asked, out = Path(scratch) / "in.json", Path(scratch) / "out.json"
        asked.write_text(json.dumps(given))
        script = Path(__file__).parent / "_text_peers.py"
        subprocess.run([python, script, asked, out], check=True)
        return json.loads(out.read_text())


def rate(us: float) -> str:
    return f"{60 / us:.1f} million ({us:.1f} µs each)"


def main() -> list[dict]:
    given = posts()
    other = peers(given)
    rows = []
    for network in NETWORKS:
        us = microseconds(lambda text, n=network: count(text, n), given)
        name, target = f"text: counts a minute, one core, {network}", ">= 1 million"
        if network not in NAMED:
            rows.append(row(name, rate(us), target))
            continue
        there = other[network]
        peer = f"{NAMED[network]}: {rate(there['us'])}"
        rows.append(row(name, rate(us), target, peer, f"{there['us'] / us:.1f} x"))
        pairs = zip(given, there["lengths"], strict=True)
        differ = sum(count(text, network).length != length for text, length in pairs)
        rows.append(row(f"text: posts that {NAMED[network]} counts otherwise", f"{differ} of {len(given)}"))
    rows.append(row("text: entities of X, posts a minute", rate(microseconds(entities, given))))
    rows.append(row("text: facets of Bluesky, posts a minute", rate(microseconds(facets, given))))
    return rows


if __name__ == "__main__":
    for line in main():
        print(line)
