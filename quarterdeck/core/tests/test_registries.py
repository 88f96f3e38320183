import pytest

from quarterdeck.core.registries import Registry


def test_entries_come_back_in_the_order_they_were_registered():
    registry: Registry[int] = Registry("numbers")
    registry.register("two", 2)
    registry.register("one", 1)
    assert list(registry) == [("two", 2), ("one", 1)]
    assert registry["one"] == 1
    assert "three" not in registry


def test_a_name_taken_twice_is_an_error_not_a_silent_overwrite():
    registry: Registry[int] = Registry("numbers")
    registry.register("one", 1)
    with pytest.raises(ValueError, match="registered already"):
        registry.register("one", 1)
