/**
 * How many bytes of a body each stage takes. Each limit is larger than the one before it, so that a stage never refuses what an
 * earlier one let through. The largest body seen was a trending page of 1.5 MB.
 */

/** The most bytes of a response that are kept when the feed is asked; the rest is cut off. */
export const MAX_RESPONSE_BYTES = 20 * 1024 * 1024;

/** The most bytes of a body that are parsed: twenty times the largest page seen, and more than any response that was collected. */
export const MAX_PARSED_BODY_BYTES = 32_000_000;

/** The most bytes of an imported body, with its HTTP head, decompressed or not: a few kB of gzip can unpack to a thousand times as much. */
export const MAX_IMPORTED_BODY_BYTES = 64_000_000;

/** The most bytes of a WARC record: an imported body, its HTTP head, and the record's own. */
export const MAX_RECORD_BYTES = 2 * MAX_IMPORTED_BODY_BYTES;
