"""Asking for work, carrying it out, sweeping up after workers that died."""
