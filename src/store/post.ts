/**
 * What replicas tell each other: to one, or to all. Sealed, so that whoever else can write to the store says nothing here,
 * and each message counts once.
 */
import { randomUUID } from 'node:crypto';
import { isObject } from '../core/json.js';
import type { Sealing } from '../guard/seal.js';
import type { Link } from './link.js';
import { keyFor } from './names.js';

export interface Letter {
  readonly session: string;
  readonly door: 'http' | 'sse';
  readonly owner: string;
  /** What a client posted; without one the session is over. */
  readonly message?: unknown;
}

export interface Post {
  readonly replica: string;
  /** False where that replica is no more. */
  send(to: string, letter: Letter): Promise<boolean>;
  /** To all others. */
  announce(letter: Letter): Promise<void>;
  close(): void;
}

/** Milliseconds: a replica is alive for so long after its last word; a letter is worth reading for so long. */
const aliveTime = 15_000;
const readable = 60_000;

/** Not only who listens: the connection of a machine that is gone can look alive for minutes. */
const deliver = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('PUBLISH', KEYS[2], ARGV[1])`;

const alive = (replica: string) => keyFor('replica', replica);
const box = (replica: string) => keyFor('post', replica);

interface Envelope extends Letter {
  readonly from: string;
  readonly to: string;
  readonly id: string;
  readonly at: number;
}

/** `realm`: whose replicas they are; letters of another realm are read by nobody in this one. */
export async function openPost(
  link: Link,
  sealing: Sealing,
  realm: string,
  on: (letter: Letter) => void,
): Promise<Post> {
  const label = `letter ${realm}`;
  const everybody = keyFor('post', 'all', realm);
  const replica = randomUUID().slice(0, 8);
  const read = new Map<string, number>();

  const receive = async (text: string) => {
    const letter = (await sealing.unseal(label, text)) as Envelope | undefined;
    if (!isObject(letter) || letter.from === replica || (letter.to !== replica && letter.to !== 'all')) return;
    const now = Date.now();
    if (Math.abs(now - letter.at) > readable || read.has(letter.id)) return;
    for (const [id, at] of read) if (now - at > 2 * readable) read.delete(id);
    read.set(letter.id, now);
    on(letter);
  };

  const enclose = (to: string, letter: Letter) =>
    sealing.seal(label, { ...letter, from: replica, to, id: randomUUID(), at: Date.now() } satisfies Envelope);

  const stayAlive = () =>
    link.run(`return redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])`, [alive(replica)], [aliveTime]).catch(() => {});

  for (const channel of [box(replica), everybody]) await link.listen(channel, (text) => void receive(text));
  await stayAlive();
  const beat = setInterval(() => void stayAlive(), aliveTime / 5).unref();

  return {
    replica,
    async send(to, letter) {
      const text = await enclose(to, letter);
      return Number(await link.run(deliver, [alive(to), box(to)], [text])) > 0;
    },
    async announce(letter) {
      await link.publish(everybody, await enclose('all', letter));
    },
    close() {
      clearInterval(beat);
      void link.run(`return redis.call('DEL', KEYS[1])`, [alive(replica)]).catch(() => {});
    },
  };
}
