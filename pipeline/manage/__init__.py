"""Commands that create, check or take away: init, doctor, prune, forget."""
