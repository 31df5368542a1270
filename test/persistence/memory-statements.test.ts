/** The statements in memory, which stand in for the real ones in tests and in the simulator, keep the same contract. */
import { MemoryStatements } from '../support/memory-statements.ts';
import { suite } from '../support/suite.ts';
import { statementsContract } from './statements.contract.ts';

const test = suite('statements in memory');
const statements = new MemoryStatements();

statementsContract(test, () => statements);
test.run();
