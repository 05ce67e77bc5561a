import { describe, expect, it } from 'vitest';
import { Client } from '../../../renderer/client.ts';
import { openScreen } from '../../../renderer/screen/channel.ts';
import { CTRL_ALT_DEL, pressTogether, typeText } from '../../../renderer/screen/keys.ts';
import { packChunk, unpackChunk } from '../../../shared/wire.ts';
import { fakeLine } from './fake-line.ts';

function sink() {
  const pressed: string[] = [];
  return {
    pressed,
    sendKey: (_: number, code: string, down?: boolean) => pressed.push(`${code} ${down ? 'down' : 'up'}`),
  };
}

describe('the channel that noVNC reads', () => {
  function opened() {
    const line = fakeLine();
    const client = new Client(line.transport);
    client.start();
    line.open(true);
    const channel = openScreen(client, { run: 'r1' }, () => undefined);
    return { line, channel, id: line.texts()[0]?.channel as number };
  }

  it('owns every property that noVNC looks for', () => {
    const names = 'send close binaryType onerror onmessage onopen protocol readyState'.split(' ');
    expect(Object.keys(opened().channel)).toEqual(expect.arrayContaining(names));
  });

  it('copies what noVNC sends, because noVNC writes into the same buffer again', () => {
    const { line, channel, id } = opened();
    const buffer = Uint8Array.of(1, 2, 3);
    channel.send(buffer);
    buffer.fill(9);
    line.answer({ t: 'opened', channel: id });
    const last = line.sent.at(-1);
    expect(
      typeof last === 'string' ? null : [...(unpackChunk(last ?? new Uint8Array())?.bytes ?? [])],
    ).toEqual([1, 2, 3]);
  });

  it('opens, delivers and closes as a WebSocket does', () => {
    const { line, channel, id } = opened();
    const heard: string[] = [];
    channel.onopen = () => heard.push(`open ${channel.readyState}`);
    channel.onmessage = ({ data }) => heard.push(`data ${data.length}`);
    channel.onclose = ({ wasClean }) => heard.push(`close ${wasClean}`);
    line.answer({ t: 'opened', channel: id });
    line.bytes(packChunk(id, new Uint8Array(5)));
    line.open(false);
    expect(heard).toEqual(['open open', 'data 5', 'close false']);
  });
});

describe('keys', () => {
  it('lets a combination go in reverse', () => {
    const keys = sink();
    pressTogether(keys, CTRL_ALT_DEL.keys);
    expect(keys.pressed).toEqual([
      'ControlLeft down',
      'AltLeft down',
      'Delete down',
      'Delete up',
      'AltLeft up',
      'ControlLeft up',
    ]);
  });

  it('types on the layout of the guest', async () => {
    const keys = sink();
    await typeText(keys, 'z\\', 'de', new AbortController().signal);
    expect(keys.pressed).toEqual([
      'KeyY down',
      'KeyY up',
      'AltRight down',
      'Minus down',
      'Minus up',
      'AltRight up',
    ]);
  });

  it('presses no key at all when one character cannot be typed', async () => {
    const keys = sink();
    const typing = typeText(keys, 'ok 漢', 'us', new AbortController().signal);
    await expect(typing).rejects.toMatchObject({ code: 'keyboard.unsupported' });
    expect(keys.pressed).toEqual([]);
  });
});
