"""The run as a program: the source shown on the page, a script and a notebook."""
