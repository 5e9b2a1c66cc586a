/** What a log delivery configuration starts or stops: whose logs go where, and how many of its kind may be enabled. */
import type { Arguments, Impact, Look } from '../action.js';
import { getLogDeliveryConfig, listLogDeliveryConfigs, updateLogDeliveryConfig } from '../log-delivery.js';
import { getCredential, getStorageConfiguration } from '../provisioning.js';
import { changed, fact, fieldsOf, itemsOf, listOr, textOf, textsOf, undoBy, without, words } from './facts.js';

/** Account-wide ones of a log type, and those of one workspace. */
const mostEnabled = 2;

const wholeAccount = 'the whole account';

export async function logDeliveryCreation(look: Look, input: Arguments): Promise<Impact> {
  const present = itemsOf(await look.read(listLogDeliveryConfigs, {}));
  const credential = await look.tryRead(getCredential, { credentials_id: String(input.credentials_id) });
  const isEnabled = input.status !== 'DISABLED';
  const rivals = rivalsOf(input, present);
  const namesakes = present.filter((each) => input.config_name !== undefined && each.config_name === input.config_name);
  return {
    facts: [
      ...fact('Name', input.config_name),
      ...fact('Logs', input.log_type),
      ...fact('Logs of', workspacesOf(input)),
      ...fact('Format', input.output_format),
      ...fact('Credential', nameOf(credential, 'credentials_name', input.credentials_id)),
      ...fact('Role', fieldsOf(fieldsOf(fieldsOf(credential).aws_credentials).sts_role).role_arn),
      ...(await storageFacts(look, input)),
      ...fact('Path', input.delivery_path_prefix),
      ...fact('Starting', input.delivery_start_time),
      ...fact('Status', isEnabled ? 'ENABLED' : 'DISABLED'),
      ...fact('Enabled already', rivals.map(configName)),
      ...fact('Same name', namesakes.map((each) => textOf(each.config_id) ?? '').filter(Boolean)),
    ],
    reversible: 'no',
    reversal: 'A log delivery configuration cannot be deleted, only disabled.',
    ...(isEnabled && tooMany(input, rivals)),
  };
}

export async function logDeliveryUpdate(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.log_delivery_configuration_id);
  const config = await look.read(getLogDeliveryConfig, { log_delivery_configuration_id: id });
  if (config === null) return look.notFound('log delivery configuration', id);
  const fields = fieldsOf(config);
  const isEnabling = input.status === 'ENABLED' && fields.status !== 'ENABLED';
  const isStopping = input.status === 'DISABLED' && fields.status !== 'DISABLED';
  const present = isEnabling ? itemsOf(await look.read(listLogDeliveryConfigs, {})) : [];
  const rivals = rivalsOf(
    fields,
    present.filter((each) => each.config_id !== id),
  );
  const name = textOf(fields.config_name);
  const before = without(fields, 'log_delivery_status', 'update_time');
  return {
    target: { kind: 'log delivery configuration', id, ...(name !== undefined && { name }) },
    facts: [
      ...fact(
        'Effect',
        words(isStopping ? 'these logs stop' : isEnabling ? 'these logs start' : 'none: it is so already'),
      ),
      ...fact('Logs', fields.log_type),
      ...fact('Logs of', workspacesOf(fields)),
      ...changed('Status', fields.status, input.status),
      ...(await storageFacts(look, fields)),
      ...fact('Path', fields.delivery_path_prefix),
      ...fact('Enabled already', rivals.map(configName)),
    ],
    reversible: isStopping ? 'partly' : 'yes',
    reversal: isStopping
      ? 'It can be enabled again while fewer than two of its kind are; logs of the time in between may be missing.'
      : 'The former status can be set again; what was delivered stays in the bucket.',
    before,
    after: { ...before, status: input.status },
    ...((isEnabling || isStopping) &&
      undoBy(updateLogDeliveryConfig, { log_delivery_configuration_id: id, status: fields.status })),
    ...(isEnabling && tooMany(fields, rivals)),
  };
}

/** Enabled configurations that count against the same limit: of the log type, and account-wide or of a workspace of it. */
function rivalsOf(config: Arguments, present: readonly Arguments[]): readonly Arguments[] {
  const own = textsOf(config.workspace_ids_filter);
  return present.filter((each) => {
    if (each.status !== 'ENABLED' || each.log_type !== config.log_type) return false;
    const theirs = textsOf(each.workspace_ids_filter);
    return own.length === 0 ? theirs.length === 0 : theirs.some((workspace) => own.includes(workspace));
  });
}

function tooMany(config: Arguments, rivals: readonly Arguments[]): Pick<Impact, 'obstacle'> {
  const own = textsOf(config.workspace_ids_filter);
  const isFull =
    own.length === 0
      ? rivals.length >= mostEnabled
      : own.some(
          (id) => rivals.filter((each) => textsOf(each.workspace_ids_filter).includes(id)).length >= mostEnabled,
        );
  if (!isFull) return {};
  return {
    obstacle: {
      message: `${mostEnabled} log delivery configurations of this kind are enabled already, which is the most.`,
      next: 'Look with databricks_list_log_delivery_configs and disable one that is not needed first.',
    },
  };
}

/** The bucket belongs to an area with another scope. */
async function storageFacts(look: Look, { storage_configuration_id }: Arguments) {
  const storage = await look.tryRead(getStorageConfiguration, {
    storage_configuration_id: String(storage_configuration_id),
  });
  return [
    ...fact('Storage', nameOf(storage, 'storage_configuration_name', storage_configuration_id)),
    ...fact('Bucket', fieldsOf(fieldsOf(storage).root_bucket_info).bucket_name),
  ];
}

function nameOf(read: unknown, field: string, id: unknown): string {
  const name = textOf(fieldsOf(read)[field]);
  return name === undefined ? `${id}${read === null ? ' (not found)' : ''}` : `${name} (${id})`;
}

const workspacesOf = (config: Arguments) => listOr(textsOf(config.workspace_ids_filter), wholeAccount);

const configName = (config: Arguments) => textOf(config.config_name) ?? textOf(config.config_id) ?? '';
