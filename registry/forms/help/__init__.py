"""What is typed about help: a form an act, its boxes read as the data standard reads them."""
