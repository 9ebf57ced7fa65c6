"""What several runs say together, and how the twin compares with what is published."""
