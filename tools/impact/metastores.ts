/** What changing a metastore, or which workspace uses it, does to the workspaces and to who may share data. */
import type { Arguments, Fact, Impact, Look } from '../action.js';
import {
  assignMetastoreToWorkspace,
  deleteMetastoreFromWorkspace,
  getMetastore,
  getWorkspaceMetastore,
  listMetastores,
  listMetastoreWorkspaceAssignments,
  updateMetastore,
} from '../metastores.js';
import {
  changed,
  fact,
  fieldsOf,
  itemsOf,
  only,
  same,
  textOf,
  textsOf,
  undoBy,
  withId,
  without,
  words,
} from './facts.js';
import { workspaceName, workspaceOf, workspacesOf } from './workspaces-in-use.js';

export async function metastoreCreation(look: Look, input: Arguments): Promise<Impact> {
  const present = itemsOf(await look.read(listMetastores, {}));
  const nearby = present.filter((each) => input.region !== undefined && each.region === input.region);
  return {
    facts: [
      ...fact('Name', input.name),
      ...fact('Region', input.region),
      ...fact('Storage root', input.storage_root ?? words('none: each catalog brings its own')),
      ...fact('External access', input.external_access_enabled),
      ...fact('In this region', nearby.map((each) => textOf(each.name) ?? '').filter(Boolean)),
    ],
    reversible: 'yes',
    reversal: 'The metastore can be deleted again while it is empty.',
    ...(present.some((each) => each.name === input.name) && {
      obstacle: {
        message: 'A metastore with this name exists already.',
        next: 'Choose another name, or look with databricks_list_metastores whether that metastore does it.',
      },
    }),
  };
}

/** The fields databricks_update_metastore can change, as a person calls them. */
const changeable = {
  owner: 'Owner',
  delta_sharing_scope: 'Sharing',
  delta_sharing_recipient_token_lifetime_in_seconds: 'Token seconds',
  delta_sharing_organization_name: 'Sharing name',
  external_access_enabled: 'External access',
  privilege_model_version: 'Privilege model',
  storage_root_credential_id: 'Storage credential',
} as const;

const lifetime = 'delta_sharing_recipient_token_lifetime_in_seconds';

export async function metastoreUpdate(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.metastore_id);
  const fields = await metastoreOf(look, id);
  const wanted = only(input, ...Object.keys(changeable));
  const names = Object.keys(wanted).filter((name) => !same(fields[name], wanted[name]));
  const facts = Object.entries(changeable).flatMap(([name, label]) => changed(label, fields[name], wanted[name]));
  const restorable = names.filter((name) => textOf(fields[name]) !== undefined);
  const isWhole = restorable.length === names.length;
  const before = without(fields, 'updated_at', 'updated_by');
  return {
    target: metastoreTarget(fields, id),
    facts: [
      ...(wanted.owner !== undefined && names.includes('owner')
        ? fact('Effect', words('the new owner controls the metastore and everything in it'))
        : []),
      ...sharingEffect(fields, wanted),
      ...(facts.length === 0 ? fact('Change', words('none: it is like this already')) : facts),
    ],
    reversible: isWhole ? 'yes' : 'partly',
    reversal: isWhole
      ? 'The former values can be set again; what was done with the new ones in between stays.'
      : 'The former values can be set again; a field that had no value keeps the new one.',
    before,
    after: { ...before, ...wanted },
    ...(restorable.length > 0 && undoBy(updateMetastore, { metastore_id: id, ...formerValues(fields, restorable) })),
  };
}

/** Scope and token lifetime of Delta Sharing are accepted together only. */
function formerValues(fields: Arguments, names: readonly string[]): Arguments {
  const isSharing = names.some((name) => name === lifetime || name === 'delta_sharing_scope');
  const taken = isSharing ? [...names, 'delta_sharing_scope', lifetime] : names;
  const values = only(fields, ...taken.filter((name) => textOf(fields[name]) !== undefined));
  // A lifetime that long comes as digits.
  if (values[lifetime] !== undefined) values[lifetime] = Number(values[lifetime]);
  return values;
}

function sharingEffect(now: Arguments, then: Arguments): readonly Fact[] {
  const [before, after] = [now.delta_sharing_scope, then.delta_sharing_scope ?? now.delta_sharing_scope];
  const isExternal = after === 'INTERNAL_AND_EXTERNAL';
  return [
    ...(isExternal && before !== after ? fact('Sharing effect', words('data can be shared outside this account')) : []),
    ...(!isExternal && before === 'INTERNAL_AND_EXTERNAL'
      ? fact('Sharing effect', words('sharing outside this account ends'))
      : []),
    ...(then[lifetime] === 0 ? fact('Token effect', words('tokens of recipients never expire')) : []),
  ];
}

export async function metastoreDeletion(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.metastore_id);
  const fields = await metastoreOf(look, id);
  const ids = textsOf(await look.read(listMetastoreWorkspaceAssignments, { metastore_id: id }));
  const workspaces = ids.length === 0 ? [] : await workspacesOf(look);
  const named = (each: string) =>
    workspaceName(
      workspaces?.find((workspace) => textOf(workspace.workspace_id) === each),
      each,
    );
  const isForced = input.force === true;
  return {
    target: metastoreTarget(fields, id),
    facts: [
      ...fact(
        'Contents',
        words(
          isForced
            ? 'FORCED: all catalogs, schemas and tables in it are deleted with it'
            : 'kept: Databricks refuses while the metastore is not empty',
        ),
      ),
      ...fact('Workspaces', ids.length),
      ...fact('Used by', ids.map(named)),
      ...fact('Region', fields.region),
      ...fact('Storage root', fields.storage_root),
      ...fact('Owner', fields.owner),
    ],
    reversible: 'no',
    reversal: isForced
      ? 'Nothing of it can be brought back: a new metastore is empty and has another id.'
      : 'It cannot be brought back: a new metastore has another id and no grants.',
    before: { ...without(fields, 'updated_at', 'updated_by'), workspace_ids: ids },
    ...(isForced && { typed: textOf(fields.name) ?? id }),
  };
}

export async function metastoreAssignment(look: Look, input: Arguments): Promise<Impact> {
  const [workspace_id, metastore_id] = [String(input.workspace_id), String(input.metastore_id)];
  const wanted = await metastoreOf(look, metastore_id);
  const present = await look.read(getWorkspaceMetastore, { workspace_id });
  const workspace = await workspaceOf(look, workspace_id);
  const formerId = textOf(fieldsOf(present).metastore_id);
  const isOther = formerId !== undefined && formerId !== metastore_id;
  const former = isOther ? fieldsOf(await look.read(getMetastore, { metastore_id: formerId })) : {};
  const catalog = only(input, 'default_catalog_name');
  return {
    target: workspaceTarget(workspace, workspace_id),
    facts: [
      ...fact('Metastore', metastoreName(wanted, metastore_id)),
      ...fact('Replaces', isOther ? metastoreName(former, formerId) : undefined),
      ...fact('Effect', words(assignmentEffect(formerId, isOther))),
      ...changed('Default catalog', fieldsOf(present).default_catalog_name, input.default_catalog_name),
      ...fact('Metastore region', wanted.region),
      ...fact('Workspace region', workspace?.aws_region ?? workspace?.location),
    ],
    reversible: 'yes',
    reversal:
      formerId === undefined
        ? 'The assignment can be deleted again.'
        : 'The former assignment can be made again; queries on its tables fail in between.',
    before: assignmentOf(present, workspace_id),
    after: { workspace_id, metastore_id, ...catalog },
    ...(formerId === undefined
      ? undoBy(deleteMetastoreFromWorkspace, { workspace_id, metastore_id })
      : undoBy(assignMetastoreToWorkspace, assignmentArguments(workspace_id, fieldsOf(present)))),
  };
}

function assignmentEffect(formerId: string | undefined, isOther: boolean): string {
  if (formerId === undefined) return 'the workspace gets Unity Catalog';
  return isOther
    ? 'the workspace loses the tables of the metastore it uses now'
    : 'none but the default catalog: the workspace uses this metastore already';
}

export async function metastoreUnassignment(look: Look, input: Arguments): Promise<Impact> {
  const [workspace_id, metastore_id] = [String(input.workspace_id), String(input.metastore_id)];
  const present = await look.read(getWorkspaceMetastore, { workspace_id });
  if (fieldsOf(present).metastore_id !== metastore_id) {
    return look.notFound('metastore assignment', `${workspace_id}/${metastore_id}`);
  }
  const metastore = fieldsOf(await look.read(getMetastore, { metastore_id }));
  const workspace = await workspaceOf(look, workspace_id);
  return {
    target: workspaceTarget(workspace, workspace_id),
    facts: [
      ...fact('Loses', metastoreName(metastore, metastore_id)),
      ...fact('Effect', words('the workspace is left without Unity Catalog; queries on its tables fail')),
      ...fact('Default catalog', fieldsOf(present).default_catalog_name),
    ],
    reversible: 'yes',
    reversal: 'The metastore can be assigned again; queries on its tables fail in between.',
    before: assignmentOf(present, workspace_id),
    ...undoBy(assignMetastoreToWorkspace, assignmentArguments(workspace_id, fieldsOf(present))),
  };
}

async function metastoreOf(look: Look, metastore_id: string): Promise<Arguments> {
  const metastore = await look.read(getMetastore, { metastore_id });
  return metastore === null ? look.notFound('metastore', metastore_id) : fieldsOf(metastore);
}

/** As it was read, with the id in the form arguments have. */
const assignmentOf = (present: unknown, workspace_id: string) =>
  present === null ? null : { ...fieldsOf(present), workspace_id };

function assignmentArguments(workspace_id: string, { metastore_id, default_catalog_name }: Arguments): Arguments {
  const catalog = textOf(default_catalog_name);
  return { workspace_id, metastore_id, ...(catalog !== undefined && { default_catalog_name: catalog }) };
}

function metastoreTarget(fields: Arguments, id: string) {
  const name = textOf(fields.name);
  return { kind: 'metastore', id, ...(name !== undefined && { name }) };
}

function workspaceTarget(workspace: Arguments | undefined, id: string) {
  const name = textOf(workspace?.workspace_name);
  return { kind: 'workspace', id, ...(name !== undefined && { name }) };
}

function metastoreName(fields: Arguments, id: string): string {
  return withId(textOf(fields.name), id);
}
