"""The data standard as data: fields of every table, code lists, crosswalks.

Nothing here knows of databases or screens.
"""
