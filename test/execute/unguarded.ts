/** An executor's guard that lets everything through, asks nobody and records nothing: for tests of what comes after it. */
import type { ExecutorParts } from '../../src/execute.js';
import type { Journal } from '../../src/guard/journal.js';

const journal: Journal = {
  intent: async () => ({ id: 'none', outcome: async () => {} }),
  event: async () => {},
  recent: async () => [],
  unsettled: async () => [],
  settle: async () => {},
  idle: async () => {},
};

export const unguarded: Pick<ExecutorParts, 'guard' | 'journal' | 'undo' | 'onUnrecorded' | 'ownAddresses'> = {
  guard: {
    pass: async ({ action, ready }) => {
      await ready();
      return { risk: action.risk, impact: undefined };
    },
    recheck: async () => {},
    foresee: async ({ action }) => ({ gate: 'allow', risk: action.risk, impact: undefined }),
  },
  journal,
  undo: { ready: async () => {}, keep: async () => undefined },
  onUnrecorded: () => {},
  ownAddresses: undefined,
};
