"""Numbers in, numbers out: decay, photons and electrons, transport, dose, shielding."""
