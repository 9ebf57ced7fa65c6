"""What is known of the animals: species, tracers, injection, durations; pure functions of the tables."""
