// Whether the laboratory's ports are its own: services with SO_REUSEPORT would share one with a stranger in silence.
import { connect } from 'node:net';
import type { Settings } from '../settings.ts';
import { pathsIn } from '../settings.ts';
import { isAlive, remembered } from './processes.ts';

/** The process that holds each port, by the name it is remembered under. */
const HOLDER: Record<keyof Settings['ports'], string> = {
  keystone: 'keystone',
  glance: 'glance',
  placement: 'placement',
  neutron: 'neutron',
  nova: 'nova',
  metadata: 'nova',
  sshd: 'sshd-host',
};

/** Ports on which somebody else answers; empty when the laboratory may use all of its ports. */
export async function strangers(settings: Settings): Promise<number[]> {
  const { run } = pathsIn(settings.dir);
  const names = Object.keys(HOLDER) as (keyof typeof HOLDER)[];
  const foreign = names.filter((name) => !isAlive(remembered(run, HOLDER[name])));
  const taken = await Promise.all(foreign.map((name) => isTaken(settings.ports[name])));
  return foreign.filter((_, index) => taken[index]).map((name) => settings.ports[name]);
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const say = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => say(true));
    socket.once('error', () => say(false));
  });
}
