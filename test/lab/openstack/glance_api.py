"""Glance's API, as its console script starts it."""
from glance.cmd.api import main

main()
