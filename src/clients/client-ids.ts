/** The clients by name alone, for whoever needs no more of them: the command line's help, at every start. */
export const clientIds = [
  'claude-desktop',
  'claude-code',
  'cursor',
  'vscode',
  'windsurf',
  'codex',
  'gemini-cli',
  'generic',
] as const;

export type ClientId = (typeof clientIds)[number];
