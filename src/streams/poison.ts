/** Why a record can never be handled, whoever tries and whenever. An outage is never among these. */
export type PoisonCause =
  | 'tombstone'
  | 'too_large'
  | 'bad_json'
  | 'forbidden_key'
  | 'bad_headers'
  | 'unknown_version'
  | 'unknown_type'
  | 'bad_schema'
  | 'key_mismatch'
  /** The ruleset threw on it. */
  | 'rule_failed'
  /** A decision about a transaction that the database does not have. */
  | 'unknown_transaction'
  /** The database will not take it, alone and in any company. */
  | 'refused';

export type Poison = { readonly type: 'poison'; readonly cause: PoisonCause };

export function poison(cause: PoisonCause): Poison {
  return { type: 'poison', cause };
}
