import { randomUUID } from 'node:crypto';
import Module, { createRequire } from 'node:module';

/** What a function app tells the worker about one of its functions. */
export interface Registration {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly retryOptions?: object;
}

export interface Binding {
  readonly type: string;
  readonly direction: string;
  readonly [option: string]: unknown;
}

/** How values travel between host and worker. */
export type RpcData =
  | { readonly string: string }
  | { readonly json: string }
  | { readonly int: number }
  | {
      readonly http: {
        readonly url: string;
        readonly method: string;
        readonly headers: Readonly<Record<string, string>>;
        readonly query: Readonly<Record<string, string>>;
        readonly params: Readonly<Record<string, string>>;
        readonly body?: { readonly bytes: Uint8Array };
      };
    };

export interface RpcHttpAnswer {
  readonly statusCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly bytes?: Uint8Array; readonly string?: string };
  readonly cookies?: readonly RpcCookie[];
}

export interface RpcCookie {
  readonly name: string;
  readonly value: string;
  readonly path?: { readonly value: string };
  readonly maxAge?: { readonly value: number };
  readonly httpOnly?: { readonly value: boolean };
  readonly secure?: { readonly value: boolean };
  readonly sameSite?: string;
}

interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: unknown): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: { http?: RpcHttpAnswer } | null }>;
}

interface ProgrammingModel {
  getInvocationModel(context: object): InvocationModel;
}

interface Loaded {
  readonly registration: Registration;
  readonly callback: unknown;
}

/** The host keeps it with its level; here it goes where the app's own lines go. */
function logLine(_level: string, _category: string, message: string): void {
  process.stderr.write(`${message}\n`);
}

/** The app is told that it ends ("Azure Functions Node.js developer guide": hooks). */
type TerminateHook = (context: { readonly hookData: object }) => unknown;

/**
 * The Node worker of Azure Functions, reduced to what it is for an app: it gives the app the module `@azure/functions-core`, takes its
 * registrations, and calls its functions through the library's own programming model. So every conversion of data is the real one.
 */
export class Worker {
  readonly #functions = new Map<string, Loaded>();
  readonly #terminateHooks: TerminateHook[] = [];
  #model: ProgrammingModel | null = null;

  /** @param entryPoint of the built app, CommonJS; each worker loads it anew, as a process of its own would */
  constructor(entryPoint: string) {
    const core = {
      version: '1.0.0',
      hostVersion: '4.1000.0',
      Disposable: class {
        dispose(): void {
          return undefined;
        }
      },
      registerFunction: (registration: Registration, callback: unknown) => {
        this.#functions.set(registration.name, { registration, callback });
        return { dispose: () => undefined };
      },
      registerHook: (name: string, hook: TerminateHook) => {
        if (name === 'appTerminate') this.#terminateHooks.push(hook);
        return { dispose: () => undefined };
      },
      setProgrammingModel: (model: ProgrammingModel) => {
        this.#model = model;
      },
      getProgrammingModel: () => this.#model,
      log: logLine,
    };
    const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
    const load = loader._load.bind(loader);
    loader._load = (request, ...rest) => (request === '@azure/functions-core' ? core : load(request, ...rest));
    const require = createRequire(entryPoint);
    Reflect.deleteProperty(require.cache, entryPoint);
    require(entryPoint);
  }

  /** Tells the app that it ends, and waits for what it still does. */
  async terminate(): Promise<void> {
    for (const hook of this.#terminateHooks) await hook({ hookData: {} });
  }

  get registrations(): Registration[] {
    return [...this.#functions.values()].map(({ registration }) => registration);
  }

  /** @throws what the function throws */
  async invoke(
    name: string,
    data: RpcData,
    triggerMetadata: Readonly<Record<string, RpcData>> = {},
  ): Promise<RpcHttpAnswer | null> {
    const found = this.#functions.get(name);
    if (!found || !this.#model) throw new Error(`There is no function '${name}'.`);
    const { registration, callback } = found;
    const [trigger = ''] = Object.entries(registration.bindings).find(([, { type }]) => /trigger$/i.test(type)) ?? [];
    const invocationId = randomUUID();
    const model = this.#model.getInvocationModel({
      invocationId,
      metadata: registration,
      request: { invocationId, inputData: [{ name: trigger, data }], triggerMetadata },
      state: 'invocation',
      log: logLine,
    });
    const { context, inputs } = await model.getArguments();
    const result = await model.invokeFunction(context, inputs, callback);
    return (await model.getResponse(context, result)).returnValue?.http ?? null;
  }
}
