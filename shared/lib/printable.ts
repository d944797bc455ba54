/** Control characters except tab and line feed, and those that change the direction of text (UAX #9, 2.1 to 2.4). */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Makes text safe to print on a terminal: replaces characters that would control it by U+FFFD. */
export const toPrintable = (text: string): string => text.replaceAll(UNPRINTABLE, '\ufffd');
