"""The interface of projects."""
