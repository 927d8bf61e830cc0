/** Version of the file's layout; any other is refused. */
const SERIES_VERSION = 1

/**
 * Readings lie beside the records, in a file of their own: they never travel. What is in the clear: how many series there
 * are, which days each has, how long a sealed day is (in steps of 64 bytes), and when something was added.
 *
 * `journal` has what was acknowledged and not yet sorted, a row each time; `block` the rest, a row for each series and
 * UTC day. Both are sets of readings: one that lies in both, or twice, is the same reading, so sorting may stop anywhere.
 */
export const SERIES_LAYOUT = {
  version: SERIES_VERSION,
  schema: `
CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
-- device: a keyed hash of its id. sealed: [device, signal]; newest: the newest reading that is in blocks.
CREATE TABLE series (n INTEGER PRIMARY KEY AUTOINCREMENT, device BLOB NOT NULL, sealed BLOB NOT NULL, newest BLOB);
CREATE INDEX series_device ON series (device);
CREATE TABLE journal (n INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, sealed BLOB NOT NULL);
-- thinned: 0 as it came, 1 by hours, 2 by days.
CREATE TABLE block (series INTEGER NOT NULL, day INTEGER NOT NULL, thinned INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (series, day)) WITHOUT ROWID;
CREATE INDEX block_day ON block (thinned, day);
-- Blocks that do not open any more, set aside when their day was written anew.
CREATE TABLE damaged_block (n INTEGER PRIMARY KEY, series INTEGER NOT NULL, day INTEGER NOT NULL, sealed BLOB NOT NULL);
`,
} as const
