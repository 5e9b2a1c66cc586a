// The records the sandbox keeps, one interface per kind of object. Field names are the wire names of the reference;
// int64 fields are bigint so that they leave exactly as they came. Types only.

export type * from './records/billing.js';
export type * from './records/entrances.js';
export type * from './records/metastores.js';
export type * from './records/principals.js';
export type * from './records/provisioning.js';
