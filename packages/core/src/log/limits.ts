/** Constants of the protocol: changing one splits a fleet, so they change only with the format version. */
export const FORMAT_VERSION = 2
export const MAX_SEGMENT_BYTES = 64 * 1024
export const MAX_SEGMENT_ENTRIES = 64
/** An entry alone in its segment must fit, with room for the segment's own fields. */
export const MAX_ENTRY_BYTES = MAX_SEGMENT_BYTES - 512
/** The headers of a segment together: those of two segments fit in the act that proves a fork by them (A13). */
export const MAX_HEADER_BYTES = 31 * 1024
export const MAX_PARTS = 512
/** At 61 bytes each they fit in a header. */
export const MAX_DEPENDENCIES = 500
/** One part's text: a long form submission fits, a picture does not (pictures are blobs). */
export const MAX_PART_BYTES = 48 * 1024
