"""Shows the present run as a program: the source on the page, a script and a notebook."""
