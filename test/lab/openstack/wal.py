"""Puts sqlite databases into write-ahead mode: wal.py DATABASE... Else a reader blocks a commit: "database is locked"."""
import sqlite3
import sys

for path in sys.argv[1:]:
    sqlite3.connect(path).execute('pragma journal_mode=wal')
