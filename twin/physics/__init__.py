"""Numbers in, numbers out: decay and, later, attenuation, transport, detection, dose, shielding and kinetics."""
