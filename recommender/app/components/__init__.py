"""One component of the screen a file; each is a function that draws itself and returns what was chosen."""
