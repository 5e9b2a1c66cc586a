// Reads the text of a .databrickscfg and picks a profile by the rules of the official SDKs. Pure: touches no file, and never
// quotes a line of the text in an error, since any line may hold a secret.

export type Profile = ReadonlyMap<string, string>;

export interface ProfileFile {
  readonly profiles: ReadonlyMap<string, Profile>;
  /** Profiles which, or a key of which, are there more than once. As in the Go SDK the last value counts. */
  readonly repeated: ReadonlySet<string>;
}

/** The message is a predicate to be read after the path of the file: "has no dev profile configured". */
export class ProfileFileError extends Error {
  override readonly name = 'ProfileFileError';
}

/** A section of tool settings, written by `databricks auth switch`. */
export const SETTINGS_SECTION = '__settings__';
/** The profile of lines before any [section], and of those who name none. */
export const FALLBACK = 'DEFAULT';

export function parseProfileFile(text: string): ProfileFile {
  // Maps, not objects: a profile may be called __proto__.
  const profiles = new Map<string, Map<string, string>>();
  const repeated = new Set<string>();
  let section = FALLBACK;

  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, raw] of lines.entries()) {
    const line = readLine(raw, index + 1);
    if (line === undefined) continue;
    if ('section' in line) {
      section = line.section;
      if (profiles.has(section)) repeated.add(section);
      else profiles.set(section, new Map());
      continue;
    }
    const profile = profiles.get(section) ?? new Map<string, string>();
    if (profile.has(line.key)) repeated.add(section);
    profiles.set(section, profile.set(line.key, line.value));
  }
  return { profiles, repeated };
}

/** One line, with or without its end; undefined for one that says nothing. `number` is for the error. */
export function readLine(
  raw: string,
  number: number,
): { readonly section: string } | { readonly key: string; readonly value: string } | undefined {
  const line = raw.trim();
  if (line === '' || line.startsWith('#') || line.startsWith(';')) return undefined;
  return line.startsWith('[') ? { section: sectionName(line, number) } : keyAndValue(line, number);
}

/**
 * The profile to use, or undefined when none was asked for and there is no [DEFAULT]. [DEFAULT] is a profile like any other
 * here; its values are not handed down to the others.
 */
export function pickProfile(
  file: ProfileFile,
  asked: string | undefined,
): { name: string; values: Profile } | undefined {
  const wanted = asked || file.profiles.get(SETTINGS_SECTION)?.get('default_profile') || undefined;
  if (wanted === SETTINGS_SECTION) {
    throw new ProfileFileError(`keeps settings in ${SETTINGS_SECTION}; that name is reserved and cannot be a profile`);
  }
  const name = wanted ?? FALLBACK;
  const values = file.profiles.get(name);
  if (values?.size) return { name, values };
  if (wanted === undefined) return undefined;
  throw new ProfileFileError(`has no ${name} profile configured`);
}

function sectionName(line: string, number: number): string {
  const end = line.indexOf(']');
  const rest = line.slice(end + 1).trim();
  const name = line.slice(1, Math.max(end, 1)).trim();
  if (end === -1 || name === '' || (rest !== '' && !/^[#;]/.test(rest))) {
    throw new ProfileFileError(`has a broken [section] in line ${number}`);
  }
  return name;
}

function keyAndValue(line: string, number: number): { readonly key: string; readonly value: string } {
  const at = line.search(/[=:]/);
  const key = line.slice(0, Math.max(at, 0)).trim().toLowerCase();
  if (key === '') throw new ProfileFileError(`has neither a [section] nor a "key = value" in line ${number}`);
  const rest = line.slice(at + 1);
  // Passwords may contain '#', hence the white space: https://github.com/databricks/databricks-sdk-go/issues/594
  const comment = rest.search(/\s#/);
  return { key, value: (comment === -1 ? rest : rest.slice(0, comment)).trim() };
}
