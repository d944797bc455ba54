/** The order of two texts by their code units: that of keys, days, times and ids, the same on every machine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
