"""The tree against Certificate Transparency's published vectors and a naive reading of RFC 6962, 2.1."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.engines import merkle
from quarterdeck.engines.merkle import ProofError, Tree

# certificate-transparency's reference tree: eight leaves, the roots of its prefixes, audit paths and proofs.
CT_LEAVES = [
    bytes.fromhex(h)
    for h in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CT_PATHS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CT_CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def h(text: str) -> bytes:
    return bytes.fromhex(text)


CT_HASHES = [merkle.leaf_hash(leaf) for leaf in CT_LEAVES]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size):
    assert merkle.root(CT_HASHES[:size]) == h(CT_ROOTS[size])
    assert Tree(CT_HASHES).root(size) == h(CT_ROOTS[size])


@pytest.mark.parametrize(("index", "size"), CT_PATHS)
def test_published_audit_paths(index, size):
    path = [h(p) for p in CT_PATHS[index, size]]
    assert merkle.inclusion_proof(CT_HASHES[:size], index) == path
    assert Tree(CT_HASHES).inclusion_proof(index, size) == path
    merkle.verify_inclusion(index, size, CT_HASHES[index], path, h(CT_ROOTS[size]))


@pytest.mark.parametrize(("old", "new"), CT_CONSISTENCY)
def test_published_consistency_proofs(old, new):
    proof = [h(p) for p in CT_CONSISTENCY[old, new]]
    assert merkle.consistency_proof(CT_HASHES[:new], old) == proof
    merkle.verify_consistency(old, new, proof, h(CT_ROOTS[old]), h(CT_ROOTS[new]))


# --- the RFC's definitions, word for word -------------------------------------------------------------


def naive_split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def naive_root(d: list[bytes]) -> bytes:
    if not d:
        return sha256(b"").digest()
    if len(d) == 1:
        return d[0]
    k = naive_split(len(d))
    return sha256(b"\x01" + naive_root(d[:k]) + naive_root(d[k:])).digest()


def naive_path(m: int, d: list[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = naive_split(len(d))
    if m < k:
        return [*naive_path(m, d[:k]), naive_root(d[k:])]
    return [*naive_path(m - k, d[k:]), naive_root(d[:k])]


def naive_subproof(m: int, d: list[bytes], whole: bool) -> list[bytes]:
    if m == len(d):
        return [] if whole else [naive_root(d)]
    k = naive_split(len(d))
    if m <= k:
        return [*naive_subproof(m, d[:k], whole), naive_root(d[k:])]
    return [*naive_subproof(m - k, d[k:], False), naive_root(d[:k])]


def leaves(count: int, seed: int = 0) -> list[bytes]:
    return [merkle.leaf_hash(f"{seed}:{i}".encode()) for i in range(count)]


@given(st.integers(1, 200), st.data())
def test_proofs_are_the_naive_ones_and_verify(size, data):
    d = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    root = naive_root(d)
    assert merkle.root(d) == root
    path = merkle.inclusion_proof(d, index)
    assert path == naive_path(index, d)
    merkle.verify_inclusion(index, size, d[index], path, root)
    proof = merkle.consistency_proof(d, old)
    assert proof == (naive_subproof(old, d, True) if old else [])
    merkle.verify_consistency(old, size, proof, naive_root(d[:old]), root)


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(0, 300))
def test_a_tree_grown_in_any_steps_is_the_same_and_remembers_its_sizes(steps, ask):
    tree, d = Tree(), []
    for number, step in enumerate(steps):
        new = leaves(step, number)
        d += new
        if number % 2:
            tree.extend(new)
        else:
            for one in new:
                assert tree.append(one) == len(tree) - 1
    assert len(tree) == len(d)
    assert tree.root() == naive_root(d)
    size = min(ask, len(d))
    assert tree.root(size) == naive_root(d[:size])
    old = size // 3
    merkle.verify_consistency(
        old, size, tree.consistency_proof(old, size), naive_root(d[:old]), tree.root(size)
    )


def flipped(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8 % len(value)] ^= 1 << bit % 8
    return bytes(changed)


@given(st.integers(1, 150), st.data())
def test_any_flipped_bit_of_an_inclusion_proof_is_refused(size, data):
    d = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    path, root = merkle.inclusion_proof(d, index), merkle.root(d)
    bit = data.draw(st.integers(0, 255))
    victims = ["leaf", "root", "index", "size", "longer", *(["path", "shorter"] if path else [])]
    victim = data.draw(st.sampled_from(victims))
    case = {"index": index, "size": size, "leaf": d[index], "path": path, "root": root}
    if victim in {"leaf", "root"}:
        case[victim] = flipped(case[victim], bit)
    elif victim == "path":
        at = data.draw(st.integers(0, len(path) - 1))
        case["path"] = [*path[:at], flipped(path[at], bit), *path[at + 1 :]]
    elif victim == "index":
        case["index"] = data.draw(st.integers(0, 2 * size).filter(lambda i: i != index))
    elif victim == "size":
        # A tree of another size may ask the same way up; only one with a different way must be refused here,
        # because the size itself is bound to the root by the signed checkpoint.
        case["size"] = data.draw(
            st.integers(0, 4 * size).filter(lambda s: s <= index or way(index, s) != way(index, size))
        )
    elif victim == "longer":
        case["path"] = [*path, d[0]]
    else:
        case["path"] = path[:-1]
    with pytest.raises(ProofError):
        merkle.verify_inclusion(case["index"], case["size"], case["leaf"], case["path"], case["root"])


def way(index: int, size: int) -> list[bool]:
    """On which side the sibling stands, from the leaf up."""
    start, stop, sides = 0, size, []
    while stop - start > 1:
        middle = start + naive_split(stop - start)
        sides.append(index >= middle)
        start, stop = (middle, stop) if index >= middle else (start, middle)
    return sides[::-1]


@given(st.integers(1, 150), st.data())
def test_any_flipped_bit_of_a_consistency_proof_is_refused(size, data):
    d = leaves(size)
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(d, old)
    old_root, new_root = merkle.root(d[:old]), merkle.root(d)
    bit = data.draw(st.integers(0, 255))
    victims = ["old root", "new root", "longer", *(["proof", "shorter"] if proof else [])]
    victim = data.draw(st.sampled_from(victims))
    if victim == "old root":
        old_root = flipped(old_root, bit)
    elif victim == "new root":
        new_root = flipped(new_root, bit)
    elif victim == "proof":
        at = data.draw(st.integers(0, len(proof) - 1))
        proof = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
    elif victim == "longer":
        proof = [*proof, d[0]]
    else:
        proof = proof[:-1]
    with pytest.raises(ProofError):
        merkle.verify_consistency(old, size, proof, old_root, new_root)


@pytest.mark.parametrize("bad", [b"", b"x" * 31, b"x" * 33, "x" * 32, bytearray(32), None, 7])
def test_a_hash_is_exactly_32_bytes(bad):
    good = merkle.leaf_hash(b"")
    with pytest.raises(ProofError):
        merkle.node_hash(bad, good)
    with pytest.raises(ProofError):
        merkle.root([good, bad])
    with pytest.raises(ProofError):
        merkle.verify_inclusion(0, 2, bad, [good], good)
    with pytest.raises(ProofError):
        merkle.verify_inclusion(0, 2, good, [bad], good)
    with pytest.raises(ProofError):
        merkle.verify_inclusion(0, 1, good, [], bad)
    with pytest.raises(ProofError):
        merkle.verify_consistency(1, 2, [bad], good, good)
    tree = Tree([good])
    with pytest.raises(ProofError):
        tree.append(bad)
    with pytest.raises(ProofError):
        tree.extend([good, bad])
    assert len(tree) == 1
    assert tree.root() == good


@pytest.mark.parametrize(("index", "size"), [(-1, 1), (1, 1), (0, 0), (True, 2), (0.0, 1), ("0", 1)])
def test_an_index_outside_the_tree_is_refused(index, size):
    good = merkle.leaf_hash(b"")
    with pytest.raises(ProofError):
        merkle.verify_inclusion(index, size, good, [good] if size == 2 else [], good)
    with pytest.raises(IndexError):
        merkle.inclusion_proof([good] * size, index)


@pytest.mark.parametrize(("old", "new"), [(2, 1), (-1, 1), (1, "2"), (True, 1)])
def test_impossible_sizes_are_refused(old, new):
    good = merkle.leaf_hash(b"")
    with pytest.raises(ProofError):
        merkle.verify_consistency(old, new, [], good, good)


def test_the_empty_tree_is_a_prefix_of_every_tree_and_of_nothing_else():
    good = merkle.leaf_hash(b"")
    merkle.verify_consistency(0, 1, [], merkle.EMPTY_ROOT, good)
    merkle.verify_consistency(0, 0, [], merkle.EMPTY_ROOT, merkle.EMPTY_ROOT)
    for old_root, new_root, proof in ((good, good, []), (merkle.EMPTY_ROOT, good, [good])):
        with pytest.raises(ProofError):
            merkle.verify_consistency(0, 1, proof, old_root, new_root)
    with pytest.raises(ProofError):
        merkle.verify_consistency(0, 0, [], merkle.EMPTY_ROOT, good)


def test_a_tree_keeps_64_bytes_a_leaf():
    tree = Tree(leaves(1000))
    assert sum(len(level) for level in tree._levels) < 64 * 1000
