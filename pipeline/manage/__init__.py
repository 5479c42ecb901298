"""Commands that create, check or remove: init, doctor, prune, forget."""
