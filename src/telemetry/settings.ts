/** Where traces and metrics go, read from OpenTelemetry's own environment variables. Loads nothing of OpenTelemetry. */
import { type ActionError, failed } from '../core/errors.js';

export interface TelemetrySettings {
  /** Address for traces; undefined where nobody wants them. */
  readonly traces?: string;
  readonly metrics?: string;
}

type Env = Readonly<Record<string, string | undefined>>;
type Signal = 'traces' | 'metrics';

const endpoint = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const protocol = 'OTEL_EXPORTER_OTLP_PROTOCOL';

/** Undefined where nothing is asked for. Throws `configuration` failures; a value is never repeated in them. */
export function telemetrySettings(env: Env): TelemetrySettings | undefined {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return undefined;
  const traces = addressOf(env, 'traces');
  const metrics = addressOf(env, 'metrics');
  if (traces === undefined && metrics === undefined) return undefined;
  return { ...(traces !== undefined && { traces }), ...(metrics !== undefined && { metrics }) };
}

function addressOf(env: Env, signal: Signal): string | undefined {
  const upper = signal.toUpperCase();
  if (set(env[`OTEL_${upper}_EXPORTER`])?.toLowerCase() === 'none') return undefined;
  const own = `OTEL_EXPORTER_OTLP_${upper}_ENDPOINT`;
  const given = set(env[own]);
  const base = set(env[endpoint]);
  // As OpenTelemetry has it: the address of one signal is used as it is, the path is added to that of all.
  const address = given ?? (base && `${base.replace(/\/$/, '')}/v1/${signal}`);
  if (address === undefined) return undefined;
  if (!/^https?:$/.test(schemeOf(address))) throw notAnAddress(given === undefined ? endpoint : own);
  const named = `OTEL_EXPORTER_OTLP_${upper}_PROTOCOL`;
  const asked = set(env[named]) === undefined ? protocol : named;
  if (set(env[asked])?.toLowerCase() === 'grpc') throw noGrpc(asked);
  return address;
}

/** OpenTelemetry takes an empty value for none. */
const set = (value: string | undefined) => value?.trim() || undefined;

const schemeOf = (address: string) => (URL.canParse(address) ? new URL(address).protocol : '');

const notAnAddress = (setting: string): ActionError =>
  failed('configuration', `${setting} is not an http or https address.`, {
    next: `Set ${setting} to the address of a collector for OTLP over HTTP, such as http://127.0.0.1:4318, or unset it.`,
  });

const noGrpc = (setting: string): ActionError =>
  failed('configuration', `${setting} asks for gRPC, which this server does not speak.`, {
    next: `Set ${setting} to http/json, and the address to the collector's port for OTLP over HTTP (usually 4318).`,
  });
