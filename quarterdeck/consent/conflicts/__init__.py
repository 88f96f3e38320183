"""What speaks against a plan, found by plain functions: frozen rows in, findings out. No database and no clock here.

`every.find` asks all of them. A finding has a key that stays the same as long as it is the same matter, so that it is
counted once however often it is found.
"""
