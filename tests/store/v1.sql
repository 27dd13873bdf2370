-- A database of version 1, as released: never to be changed.
PRAGMA journal_mode=WAL;
CREATE TABLE jobs ( id TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL, url TEXT NOT NULL, folder TEXT, name TEXT, wish TEXT, wanted TEXT NOT NULL, state TEXT NOT NULL, platform TEXT, platform_id TEXT, title TEXT, creator TEXT, thumbnail_url TEXT, duration REAL, format_id TEXT, file TEXT, downloaded INTEGER, total INTEGER, tries INTEGER, retry_at INTEGER, error_code TEXT, error_reason TEXT, error_message TEXT, added_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT;
CREATE TABLE library ( id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, size INTEGER, inode INTEGER, url TEXT, platform TEXT, platform_id TEXT, title TEXT, creator TEXT, thumbnail_url TEXT, duration REAL, content_type TEXT, format_id TEXT, verified TEXT, finished_at INTEGER NOT NULL, search TEXT NOT NULL) STRICT;
CREATE TABLE site_stats ( platform TEXT NOT NULL PRIMARY KEY, finished INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX library_by_time ON library (finished_at);
INSERT INTO jobs (id, position, url, folder, wish, wanted, state, title, tries, error_code,
  error_message, added_at, changed_at) VALUES
  ('1c5b9b2c-0000-4000-8000-00000000000a', 7, 'https://example.org/a', '/videos', '1080p', 'run',
   'failed', 'A title', 3, 'network', 'no answer', 1767225600, 1767225700),
  ('1c5b9b2c-0000-4000-8000-00000000000b', 2, 'https://example.org/b', NULL, NULL, 'pause', 'paused',
   NULL, 0, NULL, NULL, 1767225601, 1767225701);
INSERT INTO library (file, size, url, platform, title, duration, content_type, verified,
  finished_at, search) VALUES
  ('/videos/Größe.mp4', 400000, 'https://example.org/c', 'vimeo', 'Größe', 12.5, 'video', 'length',
   1767225800, 'grösse' || char(10) || char(10) || 'grösse.mp4');
INSERT INTO site_stats VALUES ('vimeo', 1, 2, 400000);
PRAGMA user_version=1;
