"""Acts on the library: what is known of a file, its folder and tags, whose it is, who is seen on it, its cuts."""

from quarterdeck.studio.verbs.cards import describe, license_, put_aside, restore, sort
from quarterdeck.studio.verbs.cuts import keep_cut, remove_cut
from quarterdeck.studio.verbs.folders import make_folder, remove_folder, rename_folder
from quarterdeck.studio.verbs.people import change_person, forget_person, note_person
from quarterdeck.studio.verbs.removing import remove_for_good

__all__ = [
    "change_person",
    "describe",
    "forget_person",
    "keep_cut",
    "license_",
    "make_folder",
    "note_person",
    "put_aside",
    "remove_cut",
    "remove_folder",
    "remove_for_good",
    "rename_folder",
    "restore",
    "sort",
]
