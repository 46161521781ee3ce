/** Up to this many rows are all in the page: it can be searched and printed. */
export const MOST_WHOLE = 100;
