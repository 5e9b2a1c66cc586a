/** The fault table, silence: these rows last as long as the limits of a call, so only the script runs them. */
import { type FaultCase, reads, signIn, writes } from './case.js';

export const slowCases: readonly FaultCase[] = [
  {
    name: 'stall after the effect',
    scenarios: ['S053', 'S060'],
    subject: 'create',
    faults: [{ pattern: writes.POST, action: 'stall', afterHandler: true }],
    expected: { ends: 'applied', effects: 1, sends: 1 },
  },
  {
    name: 'stall before the effect',
    scenarios: ['S053'],
    subject: 'create',
    faults: [{ pattern: writes.POST, action: 'stall' }],
    expected: { ends: 'unknown', effects: 0, sends: 1 },
  },
  {
    name: 'answer that drips, a byte every half second, after the effect',
    scenarios: ['S061'],
    subject: 'create',
    faults: [{ pattern: writes.POST, action: 'drip', delayMs: 500, afterHandler: true }],
    expected: { ends: 'applied', effects: 1, sends: 1 },
  },
  {
    name: 'read: stall, every time',
    scenarios: ['S060'],
    subject: 'read',
    faults: [{ pattern: reads, action: 'stall' }],
    expected: { ends: 'failed', effects: 0, sends: 3 },
  },
  {
    name: 'read: answer that drips, every time',
    scenarios: ['S061'],
    subject: 'read',
    faults: [{ pattern: reads, action: 'drip', delayMs: 500 }],
    expected: { ends: 'failed', effects: 0, sends: 3 },
  },
  {
    name: 'look before it: stall, every time',
    scenarios: ['S060'],
    subject: 'create',
    faults: [{ pattern: reads, action: 'stall' }],
    expected: { ends: 'not_applied', effects: 0, sends: 0 },
  },
  {
    name: 'sign-in: stall, every time',
    scenarios: ['S086'],
    subject: 'create',
    faults: [{ pattern: signIn, action: 'stall' }],
    expected: { ends: 'not_applied', effects: 0, sends: 0, signIns: 3, within: 31_000 },
  },
];
