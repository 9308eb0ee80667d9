import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;

/** A prepared statement, as far as it is used here. */
export interface Statement {
  run(...values: SQLInputValue[]): { readonly changes: number | bigint };
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
  iterate(...values: SQLInputValue[]): Iterable<Row>;
}

export type Prepare = (sql: string) => Statement;

/** Told of what the engine does, for those who count it. */
export interface Observer {
  /** Before each SQL statement, BEGIN and COMMIT included. */
  readonly onStatement?: (sql: string) => void;
  /** After each transaction that was committed. */
  readonly onTransaction?: () => void;
}

/** Prepares statements of a database; observed ones pay for it, others do not. */
export function preparing(database: DatabaseSync, onStatement?: Observer['onStatement']): Prepare {
  if (!onStatement) return (sql) => database.prepare(sql);
  return (sql) => {
    const statement = database.prepare(sql);
    const told =
      <A extends unknown[], R>(run: (...values: A) => R) =>
      (...values: A): R => {
        onStatement(sql);
        return run(...values);
      };
    return {
      run: told((...values: SQLInputValue[]) => statement.run(...values)),
      get: told((...values: SQLInputValue[]) => statement.get(...values)),
      all: told((...values: SQLInputValue[]) => statement.all(...values)),
      iterate: told((...values: SQLInputValue[]) => statement.iterate(...values)),
    };
  };
}
