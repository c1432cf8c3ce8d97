"""What is read across the tables of help: who has none, what waits, what is to stop, how leaders and teams stand."""
