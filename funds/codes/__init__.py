"""What money may be called: the choices of documents, schemes and lines."""
