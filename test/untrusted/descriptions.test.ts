/** What models are told about the tools: plain, short, and nothing that could be taken for an attempt to steer them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JsonSchema, listedSchema } from '../../src/core/schema.js';
import { hasHidden } from '../../src/core/visible.js';
import { instructions } from '../../src/mcp/instructions.js';
import { statusTool } from '../../src/status-tool.js';
import { actions } from '../../tools/index.js';

interface Words {
  readonly at: string;
  readonly text: string;
}

function descriptionsOf(at: string, { description, properties = {}, items }: JsonSchema): Words[] {
  return [
    ...(description === undefined ? [] : [{ at, text: description }]),
    ...Object.entries(properties).flatMap(([name, inner]) => descriptionsOf(`${at}.${name}`, inner)),
    ...(items === undefined ? [] : descriptionsOf(`${at}[]`, items)),
  ];
}

const tools: Words[] = [...actions, statusTool].map(({ id, description }) => ({ at: id, text: description }));
const all: Words[] = [
  ...tools,
  ...actions.flatMap((action) => descriptionsOf(action.id, listedSchema(action))),
  { at: 'instructions', text: instructions({ configuration: {}, sandbox: false } as never) },
];

/** What a value of that kind stands for, in examples. */
const placeholder = /<(uuid|id|id or role|workspace id|numeric SCIM id|aws account|name)>/g;

/** Words of a description that steers: about rules, about silence, about other tools, or in a markup. */
const steering: readonly RegExp[] = [
  /\b(ignore|disregard|override|bypass|jailbreak|pretend)\b/i,
  /\balways\b(?! one\b)/i,
  /\bmust (first|always|never|not)\b/i,
  /\b(do not|don't|never) (tell|mention|inform|reveal|show|ask|use|call)\b/i,
  /\b(without|before) (telling|asking|informing)\b/i,
  /\b(system prompt|previous instructions|other tools?|instead of any|only tool)\b/i,
  /\b(secretly|silently|important|urgent|mandatory)\b/i,
  /<|\]\(|```|https?:\/\/(?!accounts\.)/i,
  /[\u0080-\uffff]/,
];

const finding = (words: readonly Words[], isWrong: (text: string) => boolean) =>
  words.filter(({ text }) => isWrong(text)).map(({ at, text }) => `${at}: ${text}`);

// S038
test('no description steers, hides anything or is long', () => {
  assert.equal(actions.length, 72);
  assert.ok(all.length > 100, `${all.length}`);
  assert.deepEqual(finding(all, hasHidden), []);
  assert.deepEqual(
    finding(tools, (text) => Buffer.byteLength(text) > 1_024),
    [],
  );
  assert.deepEqual(
    finding(all, (text) => text.length > 2_000),
    [],
  );
  for (const words of steering)
    assert.deepEqual(
      finding(all, (text) => words.test(text.replace(placeholder, ''))),
      [],
      String(words),
    );
});

test('a tool that is named in a description exists', () => {
  const ids = new Set<string>([statusTool.id, ...actions.map(({ id }) => id)]);
  const named = all.flatMap(({ at, text }) => (text.match(/databricks_[a-z_]+/g) ?? []).map((id) => ({ at, id })));
  assert.ok(named.length > 5, `${named.length}`);
  assert.deepEqual(
    named.filter(({ id }) => !ids.has(id)).map(({ at, id }) => `${at}: ${id}`),
    [],
  );
});
