export { DataDirectoryError } from './database.ts';
export { openEmbedded, type Embedded } from './open-embedded.ts';
