"""From a YAML file to what the clock gets: loading, `extends`, all mistakes at once; protocols become plans here."""
