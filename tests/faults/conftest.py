"""The product under these tests keeps its cards from one test to the next: so the ID numbers run on."""

import pytest


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    """Leave the serial of ID numbers alone: what one test entered stands when the next begins."""
