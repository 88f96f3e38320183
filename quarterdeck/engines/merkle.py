"""The Merkle tree of RFC 6962, section 2.1 (the same tree as RFC 9162): a leaf is hashed with a 0x00 in front,
a node with a 0x01, and a list that is no power of two is split at the largest power of two below its length.

`Tree` keeps 64 bytes a leaf (each leaf hash, and the hash of every complete subtree), so that a proof reads
about log2(n) hashes and computes hardly any. The module functions are the same for a list that is at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class ProofError(ValueError):
    """A proof does not prove what it claims; the message says where it fails."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data): 32 bytes (RFC 6962, section 2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right) of two 32-byte hashes. ProofError for any other length or type."""
    return sha256(b"\x01" + _hash(left, "left") + _hash(right, "right")).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of the 32-byte leaf hashes; SHA-256 of nothing for none of them."""
    return _built(leaf_hashes).root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of leaf `index`, lowest sibling first (RFC 6962, 2.1.1). IndexError outside the list."""
    return _built(leaf_hashes).inclusion_proof(index)


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """The proof that the first `old_size` leaves are a prefix (RFC 6962, 2.1.2); empty for 0 and the whole.

    IndexError when `old_size` is not between 0 and the number of leaves.
    """
    return _built(leaf_hashes).consistency_proof(old_size)


def verify_inclusion(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Return when `leaf_hash` is leaf `index` of the tree of `size` leaves with `root`; else raise ProofError.

    Every hash is exactly 32 bytes. Source: RFC 9162, section 2.1.3.2.
    """
    _count(index, "index")
    _count(size, "size")
    _hash(root, "root")
    current = _hash(leaf_hash, "leaf hash")
    path = _path(proof)
    if index >= size:
        raise ProofError(f"The index {index} is outside a tree of {size} leaves.")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    if len(path) != inner + border:
        raise ProofError(f"The proof has {len(path)} hashes; leaf {index} of {size} needs {inner + border}.")
    for level, sibling in enumerate(path):
        if level >= inner or index >> level & 1:
            current = sha256(b"\x01" + sibling + current).digest()
        else:
            current = sha256(b"\x01" + current + sibling).digest()
    if current != root:
        raise ProofError(f"The proof of leaf {index} of {size} does not lead to the root.")


def verify_consistency(
    old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Return when the tree (`new_size`, `new_root`) extends (`old_size`, `old_root`); else raise ProofError.

    Every hash is exactly 32 bytes. Source: RFC 9162, section 2.1.4.2; the empty tree is a prefix of every
    tree, with an empty proof and the root of nothing.
    """
    _count(old_size, "old size")
    _count(new_size, "new size")
    _hash(old_root, "old root")
    _hash(new_root, "new root")
    path = _path(proof)
    if old_size > new_size:
        raise ProofError(f"A tree of {new_size} leaves cannot extend one of {old_size}.")
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise ProofError("The root of the empty tree is another.")
    if new_size == 0 and new_root != EMPTY_ROOT:
        raise ProofError("The root of the empty tree is another.")
    if old_size == 0 or old_size == new_size:
        if path:
            raise ProofError(f"Nothing is to be proved from {old_size} to {new_size}, yet there are hashes.")
        if old_size and old_root != new_root:
            raise ProofError(f"Two roots are given for the size {new_size}.")
        return
    _climb(old_size, new_size, path, old_root, new_root)


def _climb(old_size: int, new_size: int, path: list[bytes], old_root: bytes, new_root: bytes) -> None:
    # A complete old tree is itself a node of the new one, and the proof leaves it out.
    rest = path if old_size & (old_size - 1) else [old_root, *path]
    if not rest:
        raise ProofError(f"The proof from {old_size} to {new_size} is empty.")
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = rest[0]
    for sibling in rest[1:]:
        if last == 0:
            raise ProofError(f"The proof from {old_size} to {new_size} is too long.")
        if at & 1 or at == last:
            old = sha256(b"\x01" + sibling + old).digest()
            new = sha256(b"\x01" + sibling + new).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = sha256(b"\x01" + new + sibling).digest()
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError(f"The proof from {old_size} to {new_size} is too short.")
    if old != old_root:
        raise ProofError(f"The proof from {old_size} to {new_size} does not lead to the old root.")
    if new != new_root:
        raise ProofError(f"The proof from {old_size} to {new_size} does not lead to the new root.")


class Tree:
    """An appendable tree in memory: 64 bytes a leaf. Level k holds the hashes of all complete subtrees of 2^k."""

    __slots__ = ("_levels", "_size")

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels: list[bytearray] = [bytearray()]
        self._size = 0
        self.extend(leaf_hashes)

    def __len__(self) -> int:
        return self._size

    def append(self, leaf_hash: bytes) -> int:
        """Add one 32-byte leaf hash and return its index. ProofError for anything else."""
        if type(leaf_hash) is not bytes or len(leaf_hash) != 32:
            _hash(leaf_hash, "leaf hash")
        levels = self._levels
        index = rest = self._size
        levels[0] += leaf_hash
        level = 0
        while rest & 1:
            current = sha256(b"\x01" + levels[level][-64:]).digest()
            level += 1
            if level == len(levels):
                levels.append(bytearray())
            levels[level] += current
            rest >>= 1
        self._size = index + 1
        return index

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Add many leaf hashes, or none of them when one is not 32 bytes (ProofError)."""
        added = b"".join([_hash(h, "leaf hash") for h in leaf_hashes])
        levels = self._levels
        levels[0] += added
        self._size += len(added) // 32
        level = 0
        while len(levels[level]) >= 64:
            if level + 1 == len(levels):
                levels.append(bytearray())
            below, above = levels[level], levels[level + 1]
            first, stop = len(above) * 2, len(below) // 64 * 64
            if first == stop:
                break
            above += b"".join([sha256(b"\x01" + below[i : i + 64]).digest() for i in range(first, stop, 64)])
            level += 1

    def leaf(self, index: int) -> bytes:
        """The leaf hash at `index`. IndexError outside the tree."""
        _inside(index, self._size)
        return self.node(0, index)

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree over leaves [index * 2^level, (index + 1) * 2^level)."""
        return bytes(self._levels[level][32 * index : 32 * index + 32])

    def nodes(self, level: int, start: int, stop: int) -> bytes:
        """The hashes of the complete subtrees [start, stop) of one level, one after the other."""
        return bytes(self._levels[level][32 * start : 32 * stop])

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves (all of them by default). IndexError for a size it never had."""
        return root_at(self.node, self._sized(size))

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The audit path of leaf `index` in the tree of the first `size` leaves."""
        return inclusion_at(self.node, index, self._sized(size))

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """The proof that the first `old_size` leaves are a prefix of the first `size`."""
        return consistency_at(self.node, old_size, self._sized(size))

    def _sized(self, size: int | None) -> int:
        if size is None:
            return self._size
        if not 0 <= size <= self._size:
            raise IndexError(f"The tree has {self._size} leaves, not {size}.")
        return size


Node = Callable[[int, int], bytes]  # (level, index) -> hash of the complete subtree there


def root_at(node: Node, size: int) -> bytes:
    """The root of the first `size` leaves, from the hashes of complete subtrees that `node` gives."""
    return _range(node, 0, size) if size else EMPTY_ROOT


def inclusion_at(node: Node, index: int, size: int) -> list[bytes]:
    """The audit path of `index` in a tree of `size`, from complete subtrees (RFC 6962, 2.1.1)."""
    _inside(index, size)
    start, stop = 0, size
    siblings: list[tuple[int, int]] = []
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            siblings.append((middle, stop))
            stop = middle
        else:
            siblings.append((start, middle))
            start = middle
    return [_range(node, *span) for span in reversed(siblings)]


def consistency_at(node: Node, old_size: int, size: int) -> list[bytes]:
    """The consistency proof from `old_size` to `size`, from complete subtrees (RFC 6962, 2.1.2)."""
    if not 0 <= old_size <= size:
        raise IndexError(f"A tree of {size} leaves has no earlier size {old_size}.")
    if old_size in {0, size}:
        return []
    start, stop = 0, size
    spans: list[tuple[int, int]] = []
    while stop != old_size:
        middle = start + _split(stop - start)
        if old_size <= middle:
            spans.append((middle, stop))
            stop = middle
        else:
            spans.append((start, middle))
            start = middle
    if start:  # the old tree's last subtree; a complete old tree is left out, its root is known
        spans.append((start, stop))
    return [_range(node, *span) for span in reversed(spans)]


def _range(node: Node, start: int, stop: int) -> bytes:
    """The hash over leaves [start, stop), where start is a multiple of a power of two >= stop - start."""
    parts = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        parts.append(node(level, start >> level))
        start += 1 << level
    current = parts.pop()
    while parts:
        current = sha256(b"\x01" + parts.pop() + current).digest()
    return current


def _split(width: int) -> int:
    return 1 << ((width - 1).bit_length() - 1)


def _built(leaf_hashes: Sequence[bytes]) -> Tree:
    return Tree(leaf_hashes)


def _inside(index: int, size: int) -> None:
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < size:
        raise IndexError(f"There is no leaf {index} in a tree of {size}.")


def _hash(value: bytes, what: str) -> bytes:
    if not isinstance(value, bytes) or len(value) != HASH_BYTES:
        raise ProofError(f"The {what} is not a hash of exactly {HASH_BYTES} bytes.")
    return value


def _count(value: int, what: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ProofError(f"The {what} is not a whole number from zero up.")


def _path(proof: Sequence[bytes]) -> list[bytes]:
    if not isinstance(proof, (list, tuple)):
        raise ProofError("The proof is not a list of hashes.")
    return [_hash(h, f"hash {i} of the proof") for i, h in enumerate(proof)]
