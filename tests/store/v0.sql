-- A database of version 0: a file, and no table yet.
PRAGMA journal_mode=WAL;
