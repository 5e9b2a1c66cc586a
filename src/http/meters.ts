/** What is counted while serving. The names of all labels come from this program, never from a request. */

export interface Meters {
  /** One request answered: the route it meant and the status. */
  answered(route: string, status: number, milliseconds: number): void;
  /** One tool call ended; `tool` is a name of the catalogue, `outcome` ok or a kind of failure. */
  called(tool: string, outcome: string): void;
  /** A request let in, and the same over. */
  entered(kind: 'call' | 'stream'): void;
  left(kind: 'call' | 'stream'): void;
  /** This server signed in to Databricks. */
  signedIn(): void;
  /** A question to a person was asked, approved, declined, … */
  approval(event: string): void;
}

export const noMeters: Meters = {
  answered() {},
  called() {},
  entered() {},
  left() {},
  signedIn() {},
  approval() {},
};
