import time
import uuid

from quarterdeck.core import ids


def test_a_new_id_is_a_version_7_uuid_with_the_present_millisecond():
    before = time.time_ns() // 1_000_000
    made = ids.new()
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert before <= made.int >> 80 <= after


def test_ids_differ_and_sort_by_the_time_of_making():
    first = ids.new()
    time.sleep(0.002)
    many = [ids.new() for _ in range(1000)]
    assert len(set(many)) == 1000
    assert all(first < later for later in many)
