"""One file per modality writes the plan of a scan; the catalogue names the machines."""
