/** A page of a hundred users: what a model pays for it, against the same page as the upstream sends it. */
import { countTokens } from '../../budget/tokenizer.js';
import { pageSize, user, userPage } from '../accounts.js';
import type { Context, Section } from '../context.js';
import { type Message, resultOf, textOf } from '../doors/door.js';
import { goals } from '../goals.js';
import { rounded } from '../numbers.js';
import { titleOf, toolNamed } from '../subjects.js';

interface Page {
  readonly server: string;
  readonly ours: boolean;
  readonly view: string;
  readonly tokens: number;
  readonly structured: number;
  readonly users: number;
}

const chosen = ['userName', 'displayName', 'active'];

export async function measurePage(context: Context): Promise<Section> {
  const raw = countTokens(JSON.stringify(userPage()));
  const pages: Page[] = [];
  for (const subject of context.subjects.filter(({ door }) => door === 'stdio')) {
    const door = await subject.open();
    await door.open();
    const { tools } = resultOf(await door.request('tools/list'));
    const tool = toolNamed(context.stage, tools, 'databricks_list_users');
    for (const [view, args] of viewsOf(tool, subject.ours)) {
      const result = resultOf(
        await door.request('tools/call', { name: tool.name, arguments: { count: pageSize, ...args } }),
      );
      pages.push({ server: titleOf(subject), ours: subject.ours, view, ...weigh(result) });
    }
    await door.close();
  }
  const ours = (view: string) => pages.find((page) => page.ours && page.view === view);
  const ratio = (page: Page | undefined) => page && page.tokens / raw;
  const best = (view: string) => {
    // Whoever drops users saves tokens, but answers something else.
    const whole = pages.filter((page) => !page.ours && page.view === view && page.users === pageSize);
    return whole.length === 0 ? undefined : Math.min(...whole.map((page) => page.tokens / raw));
  };
  return {
    title: 'A page of 100 users',
    table: [
      ['server', 'view', 'tokens of the text', '× raw', 'tokens of structured content', 'users in it'],
      ['raw compact JSON', '', String(raw), '1.00', '', String(pageSize)],
      ...pages.map((page) => [
        page.server,
        page.view,
        String(page.tokens),
        rounded(page.tokens / raw),
        page.structured === 0 ? 'none' : String(page.structured),
        String(page.users),
      ]),
    ],
    findings: [
      { goal: goals.page, value: ratio(ours('default')), best: best('default') },
      { goal: goals.pageChosen, value: ratio(ours('chosen fields')), best: best('chosen fields') },
    ],
  };
}

/** Fields are chosen as the tool lets them be; where it knows no `fields`, Databricks itself is asked for fewer. */
function viewsOf(tool: Message, ours: boolean): [string, object][] {
  const { fields, detail } = tool.inputSchema.properties;
  const list = fields?.type === 'array' ? chosen : chosen.join(',');
  return [
    ['default', {}],
    ['chosen fields', fields === undefined ? { attributes: chosen.join(',') } : { fields: list }],
    ...(ours && detail !== undefined ? [['full', { detail: 'full' }] as [string, object]] : []),
  ];
}

function weigh(result: Message) {
  const text = textOf(result);
  const structured = result.structuredContent === undefined ? 0 : countTokens(JSON.stringify(result.structuredContent));
  const addresses = Array.from({ length: pageSize }, (_, index) => String(user(index + 1).userName));
  return { tokens: countTokens(text), structured, users: addresses.filter((each) => text.includes(each)).length };
}
