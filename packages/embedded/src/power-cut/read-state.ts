import { DatabaseSync } from 'node:sqlite';

/** Everything that a database file and its log hold, as one text. */
export function readState(path: string): string {
  const database = new DatabaseSync(path);
  try {
    return stateOf(database);
  } finally {
    database.close();
  }
}

export function stateOf(database: DatabaseSync): string {
  const rows = ['documents', 'messages', 'dead_letters'].map((table) =>
    database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2, 3`).all(),
  );
  return JSON.stringify(rows);
}
