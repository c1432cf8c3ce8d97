"""One concept a module, no models, no words of the domain."""
