"""Run in the peers' own environment: twitter-text-parser for X, grapheme for clusters.

`python _text_peers.py in.json out.json`: in: a list of posts; out: for each peer the microseconds of CPU a post and
the length it gives every post.
"""

import json
import sys
import time

import grapheme
from twitter_text import parse_tweet


def timed(function, posts):
    for post in posts[:50]:
        function(post)
    began = time.process_time()
    answers = [function(post) for post in posts]
    return (time.process_time() - began) / len(posts) * 1e6, answers


def main():
    with open(sys.argv[1]) as given:
        posts = json.load(given)
    said = {}
    us, parsed = timed(parse_tweet, posts)
    said["x"] = {"us": us, "lengths": [answer.weightedLength for answer in parsed]}
    us, lengths = timed(grapheme.length, posts)
    said["bluesky"] = {"us": us, "lengths": lengths}
    with open(sys.argv[2], "w") as out:
        json.dump(said, out)


main()
