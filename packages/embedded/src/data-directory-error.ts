/** The data directory can't be used: in use, damaged, open to others, full, or written by another version of Zekt. The message says what to do. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}
