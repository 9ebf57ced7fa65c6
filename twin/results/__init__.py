"""From the event log to numbers: tables, KPIs, run folders. Nothing here draws, and nothing here lets time pass."""
