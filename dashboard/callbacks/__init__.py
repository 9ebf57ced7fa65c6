"""What happens when something is clicked or written: three lines each, all else is asked of the desk and the pages."""
