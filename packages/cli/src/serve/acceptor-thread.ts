// A thread that listens: HTTP, signatures, tokens and parsing. What is to be kept goes to the thread that has the store, everything else
// to that thread's own server.
import { parentPort, workerData } from 'node:worker_threads';
import { BodyBudget, remoteDoor, type Answer, type HandedOver } from '@zekt/api';
import { systemClock } from '@zekt/core';
import { requestProofs } from '@zekt/github';
import type { AcceptorSettings, Crossing, FromAcceptor, ToAcceptor } from './acceptor-messages.ts';
import { createForwarder } from './create-forwarder.ts';
import { gather } from './gather.ts';
import { startHttpServer } from './start-http-server.ts';

const { proofs, publicUrl, bodies, address, forwardTo } = workerData as AcceptorSettings;
const tell = (message: FromAcceptor): void => parentPort?.postMessage(message);

const waiting = new Map<number, (answer: Answer) => void>();
let lastId = 0;
const send = gather<Crossing<HandedOver>[number]>((items) => tell({ kind: 'handed', text: JSON.stringify(items) }));
const handOver = (handed: HandedOver): Promise<Answer> =>
  new Promise((resolve) => {
    lastId += 1;
    waiting.set(lastId, resolve);
    send([lastId, handed]);
  });

let listeningUrl = '';
const checks = requestProofs(proofs, () => publicUrl ?? listeningUrl, systemClock);
const takeIn = remoteDoor({ clock: systemClock, bodies: new BodyBudget(systemClock, bodies), ...checks }, handOver);
const forward = createForwarder(forwardTo);
const server = await startHttpServer((incoming, outgoing) => {
  if (!takeIn(incoming, outgoing)) forward(incoming, outgoing);
}, address);
listeningUrl = server.url;

parentPort?.on('message', (message: ToAcceptor) => {
  switch (message.kind) {
    case 'refuse':
      server.refuse();
      tell({ kind: 'refusing' });
      break;
    case 'stop':
      void server.stop(message.graceMs, message.quietMs).then(() => tell({ kind: 'stopped' }));
      break;
    case 'answered':
      for (const [id, answer] of JSON.parse(message.text) as Crossing<Answer>) {
        waiting.get(id)?.(answer);
        waiting.delete(id);
      }
  }
});
tell({ kind: 'listening', url: server.url, port: server.port });
