/** What a measure is given, and what it hands back. */
import type { Goal } from './goals.js';
import type { Stage } from './stage.js';
import type { Subject } from './subjects.js';

export interface Context {
  readonly stage: Stage;
  readonly subjects: readonly Subject[];
  /** Rounds of a long run; a quick one makes fewer. */
  rounds(long: number): number;
  readonly quick: boolean;
  /** Also the file of a gigabyte. */
  readonly gigabyte: boolean;
  /** Told on stderr while it runs. */
  note(text: string): void;
}

export interface Section {
  readonly title: string;
  readonly table: readonly (readonly string[])[];
  readonly remarks?: readonly string[];
  readonly findings: readonly Finding[];
}

/** One of the goals, and what came out. */
export interface Finding {
  readonly goal: Goal;
  readonly value: number | undefined;
  /** Of the peers in this run. */
  readonly best?: number | undefined;
}

export type Measure = (context: Context) => Promise<Section>;
