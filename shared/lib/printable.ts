/** Control characters except tab and line feed, and those that change the direction of text (UAX #9, 2.1 to 2.4). */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Makes text safe to print on a terminal: replaces characters that would control it by U+FFFD. */
export const toPrintable = (text: string): string => text.replaceAll(UNPRINTABLE, '\ufffd');

/**
 * Removes what HTML and XML 1.0 cannot hold: control characters but tab and line ends, U+FFFE, U+FFFF and lone surrogates, for which the catalog
 * has U+FFFD.
 */
export const removeControls = (text: string): string =>
  text.toWellFormed().replaceAll(/[^\t\n\r -~\u00a0-\ufffc]/g, '');
