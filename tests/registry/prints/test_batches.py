"""A batch is cut into files, in the order asked for."""

from dataclasses import replace

from pypdf import PdfReader

from fupin.prints.typesetter import typeset_batch
from registry.prints.batches import household_manuscripts
from tests.registry.prints.conftest import store_household
from tests.registry.prints.samples import IMPRINT
from tests.registry.rules.cards import good_card


def test_a_batch_is_cut_into_files_in_the_order_asked_for(see_all, ai, tmp_path):
    nobody = replace(good_card(), members=())
    cards = [store_household(ai, card=nobody, serial=serial) for serial in (1, 2, 3)]
    ids = [cards[2].pk, cards[0].pk, 0, cards[1].pk]
    manuscripts = list(household_manuscripts(ids, IMPRINT, sheets=2))
    numbers = [[card["household_no"][-4:] for card in manuscript.data["cards"]] for manuscript in manuscripts]
    assert numbers == [["0003", "0001"], ["0002"]]
    files = list(typeset_batch(manuscripts, folder=tmp_path))
    assert [len(PdfReader(file).pages) for file in files] == [4, 2]


def test_no_cards_make_no_file(db):
    assert list(household_manuscripts([], IMPRINT)) == []
