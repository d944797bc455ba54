/**
 * The address of a sender or recipient that may have a name.
 *
 * @example
 * bareAddress('paperkeep <digest@example.org>'); // digest@example.org
 */
export const bareAddress = (text: string): string => /<([^<>]+)>$/.exec(text)?.[1] ?? text;
