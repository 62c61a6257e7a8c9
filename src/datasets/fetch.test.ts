import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cancelled } from '../spec/problem';
import { fetchReader } from './fetch';
import type { ReadFile } from './types';

let asked: string[];
let answer: (n: number) => { status: number; type?: string; body: string };
let read: ReadFile;
const server = createServer((request, response) => {
  asked.push(request.url!);
  const { status, type = 'application/octet-stream', body } = answer(asked.length);
  if (status === 0) request.socket.destroy();
  else response.writeHead(status, { 'content-type': type }).end(body);
});

beforeEach(async () => {
  asked = [];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  read = fetchReader(`http://127.0.0.1:${port}/data/mnist`, 'mnist');
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

test('reads a file below its base URL', async () => {
  answer = () => ({ status: 200, body: 'abc' });
  expect(Buffer.from(await read('val-00000.bin')).toString()).toBe('abc');
  expect(asked).toEqual(['/data/mnist/val-00000.bin']);
});

test('tries again when the connection breaks or the server stumbles', async () => {
  answer = (n) => (n === 1 ? { status: 0, body: '' } : { status: n === 2 ? 503 : 200, body: 'abc' });
  expect((await read('a.bin')).length).toBe(3);
  expect(asked).toHaveLength(3);
});

test('names the file and the reason after the last try', async () => {
  answer = () => ({ status: 500, body: '' });
  await expect(read('a.bin')).rejects.toThrow(
    'data: mnist/a.bin could not be fetched (HTTP 500). Reload the page',
  );
  expect(asked).toHaveLength(3);
});

test.each([
  ['a 404', { status: 404, body: '' }, 'mnist/a.bin is missing (HTTP 404)'],
  [
    'a page in its place',
    { status: 200, type: 'text/html', body: '<html>' },
    'mnist/a.bin is missing (got a web page)',
  ],
])('%s is a missing file, and not asked for again', async (_, reply, message) => {
  answer = () => reply;
  await expect(read('a.bin')).rejects.toThrow(message);
  expect(asked).toHaveLength(1);
});

test('stops trying when given up', async () => {
  const stop = new AbortController();
  answer = () => {
    stop.abort();
    return { status: 500, body: '' };
  };
  await expect(read('a.bin', stop.signal)).rejects.toBeInstanceOf(Cancelled);
  expect(asked).toHaveLength(1);
});
