/**
 * Asks one broker, in Kafka's own protocol (Metadata request, version 1), which brokers its cluster has.
 * Not kafkajs: on Node 24 it warns about negative time-outs on the standard error of everybody who starts services.
 */
import { exchange } from './exchange.ts';

const metadataKey = 3;
const metadataVersion = 1;
const lengthBytes = 4;

/** The ports of all brokers that the controller has let in. */
export async function brokerPorts(port: number): Promise<readonly number[]> {
  return parse(await exchange(port, request(), isWhole));
}

function request(): Buffer {
  const clientId = Buffer.from('verdict-services');
  const body = Buffer.alloc(2 + 2 + 4 + 2 + clientId.length + 4);
  body.writeInt16BE(metadataKey, 0);
  body.writeInt16BE(metadataVersion, 2);
  body.writeInt16BE(clientId.length, 8);
  clientId.copy(body, 10); // what follows stays 0: no topics
  const length = Buffer.alloc(lengthBytes);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function isWhole(received: Buffer): boolean {
  return received.length >= lengthBytes && received.length >= lengthBytes + received.readInt32BE(0);
}

/** Response: length, correlation id, then an array of brokers: node id, host, port, rack (a string that may be null: length -1). */
function parse(response: Buffer): readonly number[] {
  let at = lengthBytes + 4;
  const int32 = (): number => response.readInt32BE((at += 4) - 4);
  const skipString = (): void => {
    const length = response.readInt16BE(at);
    at += 2 + Math.max(0, length);
  };
  return Array.from({ length: int32() }, () => {
    int32();
    skipString();
    const port = int32();
    skipString();
    return port;
  });
}
