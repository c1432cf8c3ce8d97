"""The typesetter: apps bring a template and a record, it gives a PDF whose check code proves it."""
