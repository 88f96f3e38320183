"""Crew's pages, by whom they are for: the front door, doors for those without an account, people and their
workspace, the person's own settings, the installation's mail.
"""
