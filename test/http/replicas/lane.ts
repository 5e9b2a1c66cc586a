/** One client behind nginx that a person sits at who approves everything; it connects again when it has to. */
import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from '@modelcontextprotocol/client';
import { turnTimes } from '../../../src/store/turns.js';
import { tokenOf } from './cluster.js';

export type Kind = 'modern' | 'legacy' | 'sse';

/** What a client was told: an answer, or that there is none. */
export interface Told {
  readonly outcome?: string;
  readonly code?: string;
  readonly id?: string;
  /** `error`: a clean failure at once. `silence`: nothing until the client gave up. */
  readonly failed?: 'error' | 'silence';
}

/** Milliseconds a client waits for an answer: a replica that is killed in its turn holds the others up for its lease. */
const patience = turnTimes.lease + 10_000;

export class Lane {
  readonly kind: Kind;
  readonly #url: string;
  readonly #caller: string;
  #client: Client | undefined;
  #onBreak: (error: Error) => void = () => {};

  constructor(kind: Kind, url: string, caller: string) {
    this.kind = kind;
    this.#url = url;
    this.#caller = caller;
  }

  async call(name: string, args: Record<string, unknown>): Promise<Told> {
    try {
      this.#client ??= await this.#connect();
      const broken = new Promise<never>((_, reject) => {
        this.#onBreak = reject;
      });
      const call = this.#client.callTool({ name: `databricks_${name}`, arguments: args }, { timeout: patience });
      call.catch(() => {});
      // The SDK's clients are told that a stream has broken, and then wait for the answer that was to come on it.
      const result = await Promise.race([call, broken]);
      // biome-ignore lint/suspicious/noExplicitAny: whatever the answer holds
      const { outcome, error, data } = result.structuredContent as any;
      return { outcome, code: error?.code, id: data?.id };
    } catch (error) {
      this.#onBreak = () => {};
      await this.close();
      return { failed: (error as { code?: unknown }).code === 'REQUEST_TIMEOUT' ? 'silence' : 'error' };
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close().catch(() => {});
  }

  async #connect(): Promise<Client> {
    const mode = this.kind === 'modern' ? ({ pin: '2026-07-28' } as const) : 'legacy';
    const client = new Client(
      { name: 'test', version: '1' },
      { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
    );
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      const name = /^To approve, also type (.*)$/m.exec(params.message)?.[1];
      return { action: 'accept', content: { approve: true, ...(name !== undefined && { name }) } };
    });
    client.onerror = (error) => this.#onBreak(error);
    const requestInit = { headers: { authorization: `Bearer ${tokenOf(this.#caller)}` } };
    const transport: Transport =
      this.kind === 'sse'
        ? new SSEClientTransport(new URL(`${this.#url}/sse`), { requestInit })
        : new StreamableHTTPClientTransport(new URL(`${this.#url}/mcp`), { requestInit });
    await client.connect(transport);
    return client;
  }
}
