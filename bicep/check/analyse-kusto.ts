import { createRequire } from 'node:module';

/** What we use of Microsoft's language service: its own declarations are 1.7 MB of translated C#, which every type check would read. */
interface Kusto {
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: object): Code };
  readonly GlobalState: { readonly Default: { WithDatabase(database: object): object } };
  readonly Symbols: {
    readonly TableSymbol: { readonly $ctor7: new (name: string, schema: string, description: null) => object };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: readonly object[]) => object };
  };
}
interface List<T> {
  readonly Count: number;
  getItem(index: number): T;
}
interface Code {
  GetDiagnostics(): List<{ readonly Message: string; readonly Start: number }>;
  readonly ResultType: { readonly Columns?: List<{ readonly Name: string }> } | null;
}

/** Columns of the tables that Application Insights writes in a workspace ("Azure Monitor Logs reference"), as far as they are asked for. */
const tables = {
  AppMetrics:
    '(TimeGenerated: datetime, Name: string, Sum: real, Min: real, Max: real, ItemCount: int, Properties: dynamic, AppRoleName: string, AppRoleInstance: string)',
  AppTraces:
    '(TimeGenerated: datetime, Message: string, SeverityLevel: int, Properties: dynamic, OperationId: string, AppRoleName: string, AppRoleInstance: string)',
};

const require = createRequire(import.meta.url);
let loaded: { readonly kusto: Kusto; readonly globals: object } | null = null;

function load(): { readonly kusto: Kusto; readonly globals: object } {
  // Scripts for a browser: they leave what they define in the global object.
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { Language: kusto } = (globalThis as unknown as { Kusto: { Language: Kusto } }).Kusto;
  const { TableSymbol, DatabaseSymbol } = kusto.Symbols;
  const symbols = Object.entries(tables).map(([name, schema]) => new TableSymbol.$ctor7(name, schema, null));
  return { kusto, globals: kusto.GlobalState.Default.WithDatabase(new DatabaseSymbol.ctor('workspace', symbols)) };
}

/** What the Kusto language service says of a query: what is wrong with it, and which columns come of it. */
export function analyseKusto(query: string): { readonly problems: string[]; readonly columns: string[] } {
  const { kusto, globals } = (loaded ??= load());
  const code = kusto.KustoCode.ParseAndAnalyze(query, globals);
  const columns = code.ResultType?.Columns;
  return {
    problems: listOf(code.GetDiagnostics()).map(({ Message, Start }) => `${lineOf(query, Start)}: ${Message}`),
    columns: columns ? listOf(columns).map(({ Name }) => Name) : [],
  };
}

const listOf = <T>(list: List<T>): T[] => Array.from({ length: list.Count }, (_, index) => list.getItem(index));
const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;
