"""Benchmarks: one module a room or engine, each with `main() -> list[dict]` of claim, figure, target, peer, ratio.

`make bench` runs each in a process of its own and prints one table. CPU time unless the claim says wall time.
"""
