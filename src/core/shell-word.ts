/** Text of others as one word of a command that a person copies into a shell: nothing in it is carried out. Pure. */

/**
 * POSIX shells take everything between single quotes as it is. No quotes hold all of it back in cmd and in PowerShell
 * both, nor control characters in any terminal: there a `?` stands instead, and the command names nothing.
 */
export function shellWord(text: string, platform: NodeJS.Platform): string {
  if (/^[\w@.:/\\-]+$/.test(text) && (platform === 'win32' || !text.includes('\\'))) return text;
  const shown = text.replace(/\p{Cc}/gu, '?');
  return platform === 'win32' ? `"${shown.replace(/["$`%!]/g, '?')}"` : `'${shown.replaceAll("'", "'\\''")}'`;
}
