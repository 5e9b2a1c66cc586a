/** OpenTelemetry's own variables, and where they send traces and metrics. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActionError } from '../../src/core/errors.js';
import { telemetrySettings } from '../../src/telemetry/settings.js';

test('the paths are added to the address for all, the address for one is used as it is', () => {
  const all = 'http://127.0.0.1:4318';
  const both = { traces: `${all}/v1/traces`, metrics: `${all}/v1/metrics` };
  assert.deepEqual(telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: all }), both);
  assert.deepEqual(telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: ` ${all}/ ` }), both);
  assert.deepEqual(telemetrySettings({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${all}/t` }), { traces: `${all}/t` });
  assert.deepEqual(
    telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${all}/m` }),
    { traces: `${all}/v1/traces`, metrics: `${all}/m` },
  );
  assert.deepEqual(telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_TRACES_EXPORTER: 'none' }), {
    metrics: `${all}/v1/metrics`,
  });
});

test('nothing is sent where nothing is set, or all is switched off', () => {
  const set = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
  for (const env of [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, { ...set, OTEL_SDK_DISABLED: 'TRUE' }]) {
    assert.equal(telemetrySettings(env), undefined);
  }
  assert.notEqual(telemetrySettings({ ...set, OTEL_SDK_DISABLED: 'false' }), undefined);
});

test('an address that is none, and gRPC, are refused by the name of the setting and without its value', () => {
  const refused: [string, Record<string, string>][] = [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', { OTEL_EXPORTER_OTLP_ENDPOINT: 'user:canary@collector' }],
    ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'ftp://canary/' }],
    [
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://canary:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    ],
  ];
  for (const [setting, env] of refused) {
    assert.throws(
      () => telemetrySettings(env),
      (error) => {
        assert.ok(error instanceof ActionError);
        assert.equal(error.failure.kind, 'configuration');
        assert.ok(error.message.includes(setting), error.message);
        assert.ok(!JSON.stringify(error.failure).includes('canary'));
        return true;
      },
    );
  }
});
