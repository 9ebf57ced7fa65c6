"""What pages look like: plain data in, components out."""
