/** Checks data from outside against the schemas, compiled once, and says what is wrong without repeating what was sent. */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Static, TSchema } from 'typebox';

import type { Fault } from './middleware/problems.ts';

/** More faults than this help nobody. */
const faultsMax = 20;

export type Validated<T> = { readonly value: T } | { readonly faults: readonly Fault[] };
export type Validator<Schema extends TSchema> = (data: unknown) => Validated<Static<Schema>>;

/** Faults carry JSON Pointers. */
export function bodyValidator<Schema extends TSchema>(schema: Schema): Validator<Schema> {
  return validator(schema, (member, code, detail) => ({ pointer: member === '' ? '' : `/${member}`, code, detail }));
}

/** Faults carry the names of parameters. */
export function queryValidator<Schema extends TSchema>(schema: Schema): Validator<Schema> {
  return validator(schema, (parameter, code, detail) => ({ parameter, code, detail }));
}

let ajv: Ajv2020 | undefined;

/** One for all, since it remembers what it has compiled: that takes some milliseconds a schema, however many apps are made of it. */
function openAjv(): Ajv2020 {
  if (ajv === undefined) {
    ajv = new Ajv2020({ allErrors: true, strict: true, ownProperties: true });
    addFormats.default(ajv, ['date-time']);
  }
  return ajv;
}

type FaultMaker = (member: string, code: string, detail: string) => Fault;

function validator<Schema extends TSchema>(schema: Schema, fault: FaultMaker): Validator<Schema> {
  const validate: ValidateFunction<Static<Schema>> = openAjv().compile<Static<Schema>>(schema);
  return (data) =>
    validate(data)
      ? { value: data }
      : { faults: (validate.errors ?? []).slice(0, faultsMax).map((error) => toFault(error, fault)) };
}

function toFault(error: ErrorObject, fault: FaultMaker): Fault {
  const member = error.instancePath.slice(1);
  switch (error.keyword) {
    case 'required':
      return fault(String(error.params['missingProperty']), 'required', 'This is needed.');
    case 'additionalProperties':
      return fault(printable(String(error.params['additionalProperty'])), 'unknown_member', 'This is not known here.');
    case 'type':
      return fault(member, 'wrong_type', `This must be of the type ${String(error.params['type'])}.`);
    case 'enum':
      return fault(member, 'not_allowed', `Allowed: ${JSON.stringify(error.params['allowedValues'])}.`);
    default:
      return fault(member, 'malformed', `This ${error.message ?? 'is not valid'}.`);
  }
}

/** A name that the caller made up is repeated only where it cannot be an id or a secret. */
function printable(name: string): string {
  return /^[A-Za-z_]{1,40}$/.test(name) ? name : '';
}
