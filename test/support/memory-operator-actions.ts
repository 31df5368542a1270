/** The journal of operator actions, kept in memory; it keeps the contract. */
import type {
  ActionId,
  LetterId,
  NewOperatorAction,
  OperatorAction,
  OperatorActions,
} from '../../src/persistence/operator-actions.ts';

export class MemoryOperatorActions implements OperatorActions {
  readonly all: OperatorAction[] = [];

  async begin(actions: readonly NewOperatorAction[]): Promise<readonly ActionId[]> {
    const begun = actions.map((action, index) => ({
      ...action,
      id: `${this.all.length + index + 1}`,
      outcome: 'begun' as const,
    }));
    this.all.push(...begun);
    return begun.map(({ id }) => id);
  }

  async end(ids: readonly ActionId[], outcome: 'done' | 'failed'): Promise<void> {
    this.all.forEach((action, index) => {
      if (ids.includes(action.id) && action.outcome === 'begun') this.all[index] = { ...action, outcome };
    });
  }

  async about(letters: readonly LetterId[]): Promise<readonly OperatorAction[]> {
    const asked = new Set(letters.map(nameOf));
    return this.all.filter(({ letter }) => asked.has(nameOf(letter)));
  }
}

function nameOf({ topic, partition, offset, fingerprint }: LetterId): string {
  return `${topic}/${partition}/${offset}/${fingerprint}`;
}
