/** Control characters but tab and line feed, and those that turn the direction of what follows around (UAX #9, 2.1 to 2.4). */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Text that does nothing to a terminal but show itself: each character of strangers that would is shown as U+FFFD. */
export const toPrintable = (text: string): string => text.replaceAll(UNPRINTABLE, '\ufffd');
