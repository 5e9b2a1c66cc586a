/** Answers to HTTP requests that never become a call: JSON-RPC errors with a status, as the SDK's own doors give them. */

/** Codes for what JSON-RPC has no word for. */
export const codes = { parse: -32_700, invalid: -32_600, refused: -32_000, noSession: -32_001 } as const;

export function refuse(status: number, code: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers });
}

export const methodNotAllowed = (...allowed: readonly string[]): Response =>
  refuse(405, codes.refused, `Use ${allowed.join(', ')}.`, { allow: allowed.join(', ') });

/** The same for a session that ended, one that never was, and one of somebody else. */
export const noSuchSession = (): Response => refuse(404, codes.noSession, 'Session not found');
