/** 32 first calls at once: how many tokens they cost. Only who signs in by itself can be asked. */
import { someUser } from '../accounts.js';
import type { Context, Section } from '../context.js';
import { resultOf } from '../doors/door.js';
import { goals } from '../goals.js';
import { titleOf, toolNamed } from '../subjects.js';

const calls = 32;

export async function measureMint({ stage, subjects }: Context): Promise<Section> {
  const rows: { server: string; ours: boolean; minted: number }[] = [];
  for (const subject of subjects) {
    const door = await subject.open();
    await door.open();
    const { tools } = resultOf(await door.request('tools/list'));
    const params = {
      name: toolNamed(stage, tools, 'databricks_get_user')?.name,
      arguments: { id: someUser },
    };
    await stage.reset();
    const answers = await Promise.all(Array.from({ length: calls }, () => door.request('tools/call', params)));
    for (const answer of answers) resultOf(answer);
    rows.push({ server: titleOf(subject), ours: subject.ours, minted: (await stage.seen()).tokens });
    await door.close();
  }
  const ours = rows.filter((row) => row.ours).map(({ minted }) => minted);
  const peers = rows.filter((row) => !row.ours && row.minted > 0).map(({ minted }) => minted);
  return {
    title: `Tokens for ${calls} concurrent first calls`,
    table: [
      ['server', 'tokens minted'],
      ...rows.map(({ server, minted }) => [server, minted === 0 ? 'is given one' : String(minted)]),
    ],
    findings: [
      {
        goal: goals.minted,
        value: ours.length === 0 ? undefined : Math.max(...ours),
        best: peers.length === 0 ? undefined : Math.min(...peers),
      },
    ],
  };
}
