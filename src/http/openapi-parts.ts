/** The pieces that the paths of the OpenAPI document are put together from. */
import type { ProblemName } from './middleware/problems.ts';
import { problemMediaType, problemTable, problemType } from './middleware/problems.ts';

type ParameterSchema = {
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[] | undefined;
};

export function json(name: string): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

export function header(description: string): object {
  return { description, schema: { type: 'string' } };
}

export function eventStream(): object {
  const description =
    'Frames of `id`, `event` (`transaction.opened`, `.approved` or `.rejected`) and `data`: the transaction as GET answers it, with its status at that position';
  return { description, content: { 'text/event-stream': { schema: { type: 'string' } } } };
}

export function queryParameters({ properties, required = [] }: ParameterSchema): object[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

/** One response for each status, which lists the types that come with it. */
export function problemResponses(names: readonly ProblemName[]): Record<string, object> {
  const byStatus = Map.groupBy(names, (name) => problemTable[name].status);
  return Object.fromEntries(
    [...byStatus].map(([status, types]) => [
      status,
      {
        description: types.map((name) => `\`${problemType(name)}\`: ${problemTable[name].title}.`).join(' '),
        content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/ProblemBody' } } },
      },
    ]),
  );
}
