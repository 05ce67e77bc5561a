import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Qmp, type QmpEvent } from '../../../electron/machine/qmp.ts';

const GREETING =
  '{"QMP":{"version":{"qemu":{"micro":22,"minor":2,"major":7},"package":""},"capabilities":[]}}\r\n';

/** A monitor whose answers are given by a function; an answer of undefined stays silent. */
function monitor(
  answer: (command: { execute: string; id: number }) => string | undefined,
  greeting = GREETING,
) {
  const stream: Duplex = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().trim().split('\n')) {
        const text = answer(JSON.parse(line) as { execute: string; id: number });
        if (text !== undefined) stream.push(text);
      }
      done();
    },
  });
  if (greeting) stream.push(greeting);
  return stream;
}
const obliging = ({ id }: { id: number }) => `{"return":{},"id":${id}}\r\n`;

describe('a QMP session', () => {
  it('greets, agrees on capabilities and knows the version', async () => {
    const qmp = await Qmp.connect(monitor(obliging));
    expect(qmp.version).toEqual([7, 2]);
    await expect(qmp.execute('stop')).resolves.toEqual({});
    qmp.close();
  });

  it('puts messages together that arrive byte by byte', async () => {
    const stream = monitor(obliging, '');
    const connected = Qmp.connect(stream);
    for (const byte of Buffer.from(GREETING)) stream.push(Buffer.of(byte));
    await expect(connected).resolves.toBeInstanceOf(Qmp);
    stream.destroy();
  });

  it('matches answers to commands by id, whatever the order', async () => {
    const held: number[] = [];
    const stream = monitor(({ execute, id }) => {
      if (execute === 'qmp_capabilities') return obliging({ id });
      held.push(id);
      if (held.length < 2) return undefined;
      return held
        .toReversed()
        .map((each) => `{"return":${each},"id":${each}}\n`)
        .join('');
    });
    const qmp = await Qmp.connect(stream);
    expect(await Promise.all([qmp.execute('a'), qmp.execute('b')])).toEqual(held);
    qmp.close();
  });

  it('hands on events between answers, with the time of the host', async () => {
    const events: QmpEvent[] = [];
    const event = '{"timestamp":{"seconds":1,"microseconds":500000},"event":"RESET","data":{"guest":true}}\n';
    const stream = monitor(({ id }) => event + obliging({ id }));
    (await Qmp.connect(stream, { onEvent: (each) => events.push(each) })).close();
    expect(events).toEqual([{ event: 'RESET', data: { guest: true }, at: '1970-01-01T00:00:01.500Z' }]);
  });

  it("turns an error into QEMU's own words and goes on", async () => {
    const stream = monitor(({ execute, id }) =>
      execute === 'bad'
        ? `{"error":{"class":"GenericError","desc":"No way"},"id":${id}}\n`
        : obliging({ id }),
    );
    const qmp = await Qmp.connect(stream);
    await expect(qmp.execute('bad')).rejects.toMatchObject({
      code: 'machine.command-refused',
      whatHappened: 'QEMU answered: No way',
    });
    await expect(qmp.execute('good')).resolves.toEqual({});
    qmp.close();
  });

  it.each([
    ['text', 'SSH-2.0-OpenSSH\r\n'],
    ['a list', '[1]\n'],
    ['half of UTF-8 and no JSON', Buffer.from([0xc3, 0x28, 10])],
    ['a message without an end', Buffer.alloc(5 * 2 ** 20, 'x')],
  ])('refuses %s as greeting', async (_, bytes) => {
    const stream = monitor(obliging, '');
    const connected = Qmp.connect(stream);
    stream.push(bytes);
    await expect(connected).rejects.toMatchObject({ code: 'machine.monitor-lost' });
    expect(stream.destroyed).toBe(true);
  });

  it('gives up on a monitor that stays silent, before and after its greeting', async () => {
    await expect(Qmp.connect(monitor(obliging, ''), { greetingMs: 20 })).rejects.toMatchObject({
      whatHappened: "QEMU's monitor did not greet.",
    });
    await expect(
      Qmp.connect(
        monitor(() => undefined),
        { answerMs: 20 },
      ),
    ).rejects.toMatchObject({
      code: 'machine.monitor-lost',
    });
  });

  it('fails what is waiting and what comes later when the line breaks', async () => {
    const stream = monitor(({ execute, id }) =>
      execute === 'qmp_capabilities' ? obliging({ id }) : undefined,
    );
    const qmp = await Qmp.connect(stream);
    const waiting = qmp.execute('query-status');
    stream.push(null);
    await expect(waiting).rejects.toMatchObject({ code: 'machine.monitor-lost' });
    await expect(qmp.execute('query-status')).rejects.toMatchObject({ code: 'machine.monitor-lost' });
    await qmp.closed;
    if (!stream.closed) await once(stream, 'close');
  });
});
