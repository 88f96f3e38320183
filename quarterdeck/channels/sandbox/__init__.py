"""The Sandbox: a network inside this installation, for trying and drilling without an account elsewhere.

It keeps the rules a careful network would: a post is made once per client key, and can be found by it.
"""

LABEL = "Sandbox: a network inside this installation. Nothing here leaves it."
