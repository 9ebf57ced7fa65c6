"""The charts of the pages, one file a page: for each chart its figure, its sentence and its table."""
