/**
 * The program in a real terminal: a pseudo-terminal made by Python, which Linux, macOS and GitHub's runners have, since
 * Node has none. A test reads what a person would see there and types what they would type.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import process from 'node:process';
import { atEnd, environment, program } from '../mcp/server-process.js';

/** Relays stdin to the terminal and the terminal to stdout; ends with the command, as a shell would tell its end. */
const driver = `
import fcntl, os, pty, select, struct, sys, termios
pid, master = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', 60, 400, 0, 0))
while True:
    ready = select.select([0, master], [], [])[0]
    if 0 in ready:
        typed = os.read(0, 65536)
        if not typed:
            break
        os.write(master, typed)
    if master in ready:
        try:
            shown = os.read(master, 65536)
        except OSError:
            break
        if not shown:
            break
        os.write(1, shown)
os.close(master)
status = os.waitpid(pid, 0)[1]
os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
`;

/** Why there is no terminal here; undefined where there is one. For the `skip` of a test. */
export const noTerminal: string | undefined = (() => {
  if (process.platform === 'win32') return 'Windows has no pseudo-terminal that Python makes';
  const { status } = spawnSync('python3', ['-c', 'import pty, fcntl, termios'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'there is no python3 with the module pty';
})();

/** Milliseconds until a test gives up on a text; machines with many tests on them are slow. */
const patience = 30_000;

export class Terminal {
  /** The exit code; 128 and the signal's number where a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcessWithoutNullStreams;
  #shown = Buffer.alloc(0);
  #seen = 0;
  #wake = () => {};

  /** `redirect`: what a shell would be told besides, such as `2>/dev/null`. */
  constructor(command: readonly string[], home: string, settings: Record<string, string> = {}, redirect = '') {
    // Plain text as far as the program goes: what steers the terminal then is not its own.
    const env = { ...environment(home, settings), TERM: 'dumb', NO_COLOR: '1' };
    const shell = ['/bin/sh', '-c', `exec "$@" ${redirect}`, 'sh'];
    const words = [...shell, process.execPath, program, ...command];
    this.#child = spawn('python3', ['-c', driver, ...words], { env, cwd: home });
    this.#child.stdout.on('data', (bytes: Buffer) => {
      this.#shown = Buffer.concat([this.#shown, bytes]);
      this.#wake();
    });
    this.#child.stdin.on('error', () => {});
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        resolve(code);
        this.#wake();
      });
    });
    // Without its stdin the driver lets go of the terminal, which ends what runs in it.
    atEnd(async () => {
      this.#child.stdin.end();
      await this.ended;
    });
  }

  /** Every byte that went to the terminal so far. */
  get bytes(): string {
    return this.#shown.toString('utf8');
  }

  /** The same as lines. */
  get screen(): string {
    return this.bytes.replaceAll('\r\n', '\n');
  }

  /** Waits until this is shown, after what was waited for before. */
  async until(text: string): Promise<void> {
    const giveUp = Date.now() + patience;
    for (;;) {
      const at = this.screen.indexOf(text, this.#seen);
      if (at !== -1) {
        this.#seen = at + text.length;
        return;
      }
      const left = giveUp - Date.now();
      if (left <= 0 || this.#child.exitCode !== null) {
        throw new Error(`${JSON.stringify(text)} did not come. The terminal shows:\n${this.screen}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** A line, ended with Enter. */
  type(line: string): void {
    this.#child.stdin.write(`${line}\r`);
  }

  press(key: keyof typeof keys): void {
    this.#child.stdin.write(keys[key]);
  }
}

const keys = { 'Ctrl-C': '\u0003', 'Ctrl-D': '\u0004' } as const;
