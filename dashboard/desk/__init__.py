"""What the pages ask: forms, runs to start and to watch, runs to show. Plain data out; nothing here draws."""
