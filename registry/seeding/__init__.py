"""Synthetic register: households, members, labourers and village tables as Shanxi's might be, reproducible from a seed.

No row stands for anybody: ID numbers lie under address codes that were never assigned, telephones and accounts under prefixes that
nobody issues. Amounts and shares are invented, plausible and nothing more; no figure of a seeded register is a statistic.
"""
