/** Version of the file's layout. Any other is refused: those before were previews, and nothing of them was released. */
export const SCHEMA_VERSION = 4

/**
 * One SQLite file a station. Entries are sealed as they came; records are sealed with the station's own key.
 * What is in the clear: ids, sequences, hashes, sizes, times of arrival.
 */
export const SCHEMA = `
CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE log (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key BLOB NOT NULL, epoch BLOB NOT NULL, space TEXT NOT NULL);
CREATE INDEX log_space ON log (space);
-- status 1: accepted, 2: held. n is a causal order: a past is stored before what stands on it.
CREATE TABLE entry (
  n INTEGER PRIMARY KEY, log INTEGER NOT NULL REFERENCES log, seq INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE,
  prev BLOB NOT NULL, status INTEGER NOT NULL, header BLOB NOT NULL, blobs BLOB NOT NULL, arrived INTEGER NOT NULL
);
CREATE INDEX entry_log ON entry (log, seq);
CREATE INDEX entry_order ON entry (log, n);
CREATE INDEX entry_held ON entry (status) WHERE status = 2;
CREATE TABLE segment (
  log INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, head BLOB NOT NULL, signature BLOB NOT NULL,
  PRIMARY KEY (log, first, head)
) WITHOUT ROWID;
-- The end of each branch, with what its author had seen by then.
CREATE TABLE tip (hash BLOB PRIMARY KEY, log INTEGER NOT NULL, seq INTEGER NOT NULL, seen BLOB NOT NULL, acts BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX tip_log ON tip (log);
CREATE TABLE record (
  n INTEGER PRIMARY KEY, space TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, rev INTEGER NOT NULL,
  hash BLOB NOT NULL, conflicts INTEGER NOT NULL, sealed BLOB, page INTEGER, UNIQUE (space, id)
);
-- Records as a checkpoint brought them, many together: those without bytes of their own stand there; of those with
-- some, what stands there is older.
CREATE TABLE record_page (n INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, sealed BLOB NOT NULL);
CREATE INDEX record_rev ON record (rev);
-- The newest of them: n tells which those are.
CREATE TABLE refused (n INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, log TEXT NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL);
-- key: the id of the generation that was missing, when that is why.
CREATE TABLE void_part (entry INTEGER NOT NULL, part INTEGER NOT NULL, reason TEXT NOT NULL, key BLOB, PRIMARY KEY (entry, part)) WITHOUT ROWID;
-- What a peer said it holds, as of when and by which way; and when both were last found the same.
CREATE TABLE peer (
  station TEXT NOT NULL, space TEXT NOT NULL, heads BLOB NOT NULL, digest TEXT NOT NULL, equal INTEGER NOT NULL, at INTEGER NOT NULL,
  via TEXT NOT NULL, equal_at INTEGER, PRIMARY KEY (station, space)
) WITHOUT ROWID;
-- Entries that a checkpoint stands for: they count, their parts are not here. deps and acts: what the entry names.
CREATE TABLE base (
  hash BLOB PRIMARY KEY, log INTEGER NOT NULL, seq INTEGER NOT NULL, prev BLOB NOT NULL, parts INTEGER NOT NULL,
  deps BLOB NOT NULL, acts BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX base_log ON base (log, seq);
-- The records that the entries in base had made, as pages in the order to fold them. entries: those that a page names.
CREATE TABLE base_page (space TEXT NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL, generation BLOB NOT NULL, entry BLOB NOT NULL, compared INTEGER NOT NULL, entries BLOB NOT NULL, PRIMARY KEY (space, place)) WITHOUT ROWID;
CREATE TABLE checkpoint (
  entry BLOB PRIMARY KEY, log TEXT NOT NULL, seq INTEGER NOT NULL, space TEXT NOT NULL, generation BLOB NOT NULL, commitment BLOB NOT NULL,
  manifest BLOB NOT NULL, state TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
-- Manifests and sealed pages, by SHA-256.
CREATE TABLE checkpoint_blob (hash BLOB PRIMARY KEY, bytes BLOB NOT NULL);
-- The beginnings of those that a meeting was cut off in: the next one goes on from there.
CREATE TABLE blob_start (hash BLOB PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;
-- Segments of a space that is started again, until their past is there again.
CREATE TABLE parked (n INTEGER PRIMARY KEY, space TEXT NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE address (station TEXT PRIMARY KEY, address TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
-- What an erasure (by) names: kept from when it is announced, and counts while its entry is accepted (A19).
CREATE TABLE erased_part (
  space TEXT NOT NULL, hash BLOB NOT NULL, part INTEGER NOT NULL, by BLOB NOT NULL, log TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (space, hash, part, by)
) WITHOUT ROWID;
CREATE INDEX erased_by ON erased_part (by);
CREATE INDEX erased_log ON erased_part (log, seq);
CREATE TABLE erased_record (space TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, PRIMARY KEY (space, id)) WITHOUT ROWID;
CREATE INDEX erased_record_rev ON erased_record (rev);
-- Entries that came without some part, and no erasure to say so: not kept, asked for again.
CREATE TABLE stripped (hash BLOB PRIMARY KEY, log TEXT NOT NULL, seq INTEGER NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
-- Segments that are passed on and not taken in: of spaces that are carried for others, or of a newer form.
CREATE TABLE aside (
  n INTEGER PRIMARY KEY, space TEXT NOT NULL, log TEXT NOT NULL, key BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  head BLOB NOT NULL, reason TEXT NOT NULL, erases INTEGER NOT NULL, bytes INTEGER NOT NULL, segment BLOB, at INTEGER NOT NULL,
  UNIQUE (log, first, head)
);
CREATE INDEX aside_space ON aside (space, reason);
CREATE INDEX aside_size ON aside (reason, key, bytes);
CREATE TABLE aside_entry (hash BLOB PRIMARY KEY, aside INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX aside_entry_of ON aside_entry (aside);
CREATE TABLE aside_reached (aside INTEGER NOT NULL, station TEXT NOT NULL, PRIMARY KEY (aside, station)) WITHOUT ROWID;
-- Photos and the like lie beside this file. Which of them are named, by a record or (where nothing is read) by a part of an entry.
CREATE TABLE blob_name (
  blob TEXT NOT NULL, space TEXT NOT NULL, record TEXT NOT NULL, entry BLOB NOT NULL, part INTEGER NOT NULL,
  preview INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (blob, space, record, entry, part)
) WITHOUT ROWID;
CREATE INDEX blob_name_record ON blob_name (space, record);
CREATE INDEX blob_name_entry ON blob_name (entry, part);
-- What this station has to do with each. here: 1 whole on the disk. own: made here. kept: never to make room.
-- promised: others were told so. dropped: not fetched again by itself. used: when it was last shown, or came.
CREATE TABLE blob (
  blob TEXT PRIMARY KEY, here INTEGER NOT NULL, own INTEGER NOT NULL, kept INTEGER NOT NULL, promised INTEGER NOT NULL,
  dropped INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
-- Which stations said that they have it. rank: 2 and will keep it, 1 made it, 0 neither.
CREATE TABLE blob_holder (blob TEXT NOT NULL, station TEXT NOT NULL, rank INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (blob, station)) WITHOUT ROWID;
CREATE TABLE draft (id TEXT PRIMARY KEY, at INTEGER NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
`
