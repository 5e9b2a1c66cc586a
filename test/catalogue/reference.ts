/** The committed extract of the API reference, for the tests to compare with. Made by `extract-reference.py`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ReferenceField {
  readonly name: string;
  readonly type: string;
  readonly required?: boolean;
  readonly enum?: readonly string[];
  readonly values?: readonly string[];
  readonly fields?: readonly ReferenceField[];
}

/** Names of fields, and below each those inside it. */
export interface Names {
  readonly [name: string]: Names;
}

export interface ReferenceAction {
  readonly id: string;
  readonly label: string;
  readonly scope: string;
  readonly also_accepted_scopes: readonly string[];
  readonly method: string;
  readonly path: string;
  readonly path_params: readonly ReferenceField[];
  readonly query: readonly ReferenceField[];
  readonly body: readonly ReferenceField[];
  readonly action_inputs: readonly ReferenceField[] | null;
  readonly required_by_server_or_practice: readonly string[];
  readonly response: {
    readonly kind: 'object' | 'array' | 'empty' | 'stream';
    readonly wrapper_key: string | null;
    readonly wrapper_type: string | null;
    readonly unified_fields: readonly string[] | null;
    /** Names of the fields of one record, with those inside them. */
    readonly record: Names;
  };
  readonly pagination: 'none' | 'page_token' | 'scim' | 'unified_cursor';
  readonly clouds: readonly string[];
  readonly content_type: { readonly request: string | null; readonly accepted_request_types?: readonly string[] };
  readonly one_time_secret_fields: readonly string[];
  readonly upstream_calls: readonly string[];
  readonly unified: boolean;
}

/** Committed files that the compiler does not copy are read from the source tree. */
export const sourceFile = (name: string) => join(import.meta.dirname, '../../../test/catalogue', name);

export const reference: readonly ReferenceAction[] = JSON.parse(readFileSync(sourceFile('reference.json'), 'utf8'));
