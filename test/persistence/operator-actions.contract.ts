/** What is written before an action and after it is found again by the letter that it was about. */
import * as assert from 'uvu/assert';

import type {
  LetterId,
  NewOperatorAction,
  OperatorAction,
  OperatorActions,
} from '../../src/persistence/operator-actions.ts';
import { letterState } from '../../src/persistence/operator-actions.ts';
import { parseClientId } from '../../src/transaction/ids.ts';
import type { Suite } from '../support/suite.ts';

const clientId = parseClientId('acme');
if (clientId === undefined) throw new Error('acme is a client');
const operator = { keyId: 'key-1', clientId };
let offsets = 0n;

function freshLetter(): LetterId {
  offsets += 1n;
  return { topic: 'a.dead', partition: 0, offset: offsets, fingerprint: 'f'.repeat(64) };
}

function reDrive(letter: LetterId): NewOperatorAction {
  return { name: 're-drive', letter, operator, at: 1_700_000_000_123 };
}

export function operatorActionsContract(test: Suite, actions: () => OperatorActions): void {
  const outcomes = async (...letters: readonly LetterId[]): Promise<readonly OperatorAction['outcome'][]> =>
    (await actions().about(letters)).map(({ outcome }) => outcome);

  test('an action is there as soon as it has begun, whole', async () => {
    const letter = freshLetter();
    const [id] = await actions().begin([reDrive(letter)]);
    assert.equal(await actions().about([letter]), [{ ...reDrive(letter), id, outcome: 'begun' }]);
  });

  test('ids come in the order of the actions, and each ends by itself, once', async () => {
    const letters = [freshLetter(), freshLetter(), freshLetter()];
    const ids = await actions().begin(letters.toReversed().map(reDrive));
    assert.is(ids.length, 3);
    await actions().end(ids.slice(0, 1), 'failed');
    await actions().end(ids, 'done');
    await actions().end(ids, 'failed');
    const found = await actions().about(letters);
    assert.equal(
      found.map(({ letter, outcome }) => [letter.offset, outcome]),
      letters.toReversed().map(({ offset }, index) => [offset, index === 0 ? 'failed' : 'done']),
    );
  });

  test('actions are told oldest first, once, and of no other letter', async () => {
    const letter = freshLetter();
    const other = { ...letter, fingerprint: '0'.repeat(64) };
    for (const name of ['discard', 're-drive'] as const) {
      const ids = await actions().begin([{ ...reDrive(letter), name }]);
      await actions().end(ids, 'done');
    }
    await actions().begin([reDrive(other)]);
    const found = await actions().about([letter, letter]);
    assert.equal(
      found.map(({ name }) => name),
      ['discard', 're-drive'],
    );
    assert.equal(await outcomes(other), ['begun']);
    assert.equal(await outcomes(freshLetter()), []);
  });

  test('nothing asked is nothing answered', async () => {
    assert.equal(await actions().begin([]), []);
    await actions().end([], 'done');
    assert.equal(await actions().about([]), []);
  });

  test('the last action that came about decides what became of a letter', () => {
    const done = (name: 're-drive' | 'discard') => ({ name, outcome: 'done' }) as const;
    assert.is(letterState([]), 'waiting');
    assert.is(
      letterState([
        { name: 'discard', outcome: 'begun' },
        { name: 're-drive', outcome: 'failed' },
      ]),
      'waiting',
    );
    assert.is(letterState([done('discard'), done('re-drive'), { name: 'discard', outcome: 'begun' }]), 're-driven');
    assert.is(letterState([done('re-drive'), done('discard')]), 'discarded');
  });
}
