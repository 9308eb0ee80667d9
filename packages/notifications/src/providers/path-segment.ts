/**
 * A text as one segment of a path. `.` and `..` can't be one, however they are written ("URL Standard", dot segments): addresses that hold
 * them are refused before.
 */
export const pathSegment = (text: string): string => encodeURIComponent(text.toWellFormed());
