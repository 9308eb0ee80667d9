import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser, type Node } from 'web-tree-sitter';

const require = createRequire(import.meta.url);

export interface BicepResource {
  readonly symbol: string;
  /** Without version. */
  readonly type: string;
  readonly version: string;
  readonly isExisting: boolean;
  readonly text: string;
}

export interface BicepParameter {
  readonly name: string;
  readonly text: string;
  readonly decorators: readonly string[];
}

export interface BicepFile {
  readonly path: string;
  readonly text: string;
  /** `line:column` and the text there, for each error of syntax. */
  readonly errors: readonly string[];
  readonly resources: readonly BicepResource[];
  readonly parameters: readonly BicepParameter[];
  readonly outputs: readonly { readonly name: string; readonly text: string }[];
  readonly modules: readonly { readonly symbol: string; readonly path: string; readonly text: string }[];
}

let loading: Promise<Parser> | null = null;

async function loadParser(): Promise<Parser> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));
  return parser;
}

/** Reads a Bicep file by its grammar; types and references are the compiler's business. */
export async function parseBicep(path: string): Promise<BicepFile> {
  loading ??= loadParser();
  const parser = await loading;
  const text = readFileSync(path, 'utf8');
  const tree = parser.parse(text);
  if (!tree) throw new Error(`${path} can't be parsed`);
  const declared = (kind: string): Node[] => tree.rootNode.descendantsOfType(kind);
  const named = (node: Node): string => node.descendantsOfType('identifier')[0]?.text ?? '';
  const quoted = (node: Node): string => node.descendantsOfType('string')[0]?.text.slice(1, -1) ?? '';
  return {
    path,
    text,
    errors: [...declared('ERROR'), ...missing(tree.rootNode)].map(
      ({ startPosition, text: near }) =>
        `${path}:${startPosition.row + 1}:${startPosition.column + 1} near '${near.slice(0, 40)}'`,
    ),
    resources: declared('resource_declaration').map((node) => {
      const [type = '', version = ''] = quoted(node).split('@');
      return { symbol: named(node), type, version, isExisting: /'\s+existing\s*=/.test(node.text), text: node.text };
    }),
    parameters: declared('parameter_declaration').map((node) => ({
      name: named(node),
      text: node.text,
      decorators: decoratorsBefore(node),
    })),
    outputs: declared('output_declaration').map((node) => ({ name: named(node), text: node.text })),
    modules: declared('module_declaration').map((node) => ({
      symbol: named(node),
      path: quoted(node),
      text: node.text,
    })),
  };
}

function missing(node: Node): Node[] {
  const here = node.isMissing ? [node] : [];
  return [...here, ...node.children.flatMap(missing)];
}

function decoratorsBefore(node: Node): string[] {
  const found: string[] = [];
  for (let before = node.previousSibling; before; before = before.previousSibling) {
    if (before.type === 'decorators' || before.type === 'decorator') found.push(before.text);
    else if (before.text.trim() !== '') break;
  }
  return found;
}
