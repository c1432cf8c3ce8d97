"""Tables of money: documents, allotments, the fund line, and the ledgers beside it."""
