// Checks of the drive itself: whether it is whole, awake, readable and may grow. Pure.
import type { DiskFacts } from './inspect-facts.ts';
import {
  type Finding,
  failed,
  IN_WINDOWS,
  isThere,
  number,
  passed,
  SYSPREP_AGAIN,
  tell,
  unknown,
  warned,
} from './inspect-words.ts';

/** Whether the registry could be read, and all of it. */
export function registry({ hives }: DiskFacts): Finding {
  const all = [hives.SYSTEM, hives.SOFTWARE];
  const evidence = all.map((hive) =>
    tell(hive, ({ clean }) => (clean ? 'is whole' : 'has changes in its log that were not read')),
  );
  if (all.some(({ state }) => state === 'unreadable')) {
    const damaged = all.some((hive) => hive.state === 'unreadable' && !/encrypted|compressed/.test(hive.why));
    return damaged
      ? failed('The registry is damaged: Windows will not start from it. Install Windows again.', ...evidence)
      : unknown(...evidence);
  }
  if (all.some(({ state }) => state === 'absent'))
    return failed(
      'A part of the registry is missing: Windows will not start. Install Windows again.',
      ...evidence,
    );
  const clean = all.every((hive) => hive.state === 'found' && hive.value.clean);
  return clean
    ? passed(...evidence)
    : warned(
        'Windows did not close its registry, so what is said here of its values may be old. Shut it down from inside and look again.',
        ...evidence,
      );
}

export function bitlocker({ encrypted }: DiskFacts): Finding {
  if (encrypted.state !== 'found') return unknown(tell(encrypted));
  if (encrypted.value)
    return failed(
      `A server of another machine could not unlock the drive. ${IN_WINDOWS}, decrypt it with: manage-bde -off C:   wait until it has finished, ${SYSPREP_AGAIN}.`,
      tell(encrypted, () => 'says -FVE-FS-, the mark of BitLocker'),
    );
  return passed(tell(encrypted, () => 'says NTFS'));
}

export function ntfsClean({ dirty }: DiskFacts): Finding {
  if (dirty.state !== 'found') return unknown(tell(dirty));
  if (dirty.value)
    return failed(
      `Windows was not shut down properly, or found its file system damaged. ${IN_WINDOWS}, let it check the drive (chkdsk C: /f and a restart), ${SYSPREP_AGAIN}.`,
      tell(dirty, () => 'is marked dirty'),
    );
  return passed(tell(dirty, () => 'is not marked dirty'));
}

/** The mark of a hiberfil.sys that Windows would go on from. */
const ASLEEP = 'hibr';

export function hibernation({ hibernation: file, values }: DiskFacts): Finding {
  const { fastStartup } = values;
  if (file.state === 'unreadable') return unknown(tell(file));
  const off = 'powercfg -h off';
  if (file.state === 'absent') return passed(tell(file), tell(fastStartup));
  if (file.value === ASLEEP)
    return failed(
      `Windows sleeps, so its drive is not complete on the disk; with fast startup "Shut down" does the same. ${IN_WINDOWS}, switch hibernation off with: ${off}   ${SYSPREP_AGAIN}.`,
      tell(file, () => `begins with "${ASLEEP}"`),
      tell(fastStartup),
    );
  const room = `The file takes room in every server${number(fastStartup) === 1 ? ', and fast startup would put Windows to sleep instead of shutting it down' : ''}. Switch it off with: ${off}`;
  return warned(
    room,
    tell(file, () => 'is there, Windows does not sleep in it'),
    tell(fastStartup),
  );
}

/** Types of a recovery partition, in MBR and in GPT. Source: Microsoft, "UEFI/GPT-based hard drive partitions". */
const RECOVERY = new Set(['mbr 27', 'gpt DE94BBA4-06D1-4D40-A16A-BFD50179D6AC']);

/** Whether drive C: may grow to the disk of a flavor: only into room right behind it. */
export function recoveryPartition({ location, partitions }: DiskFacts): Finding {
  const behind = partitions.filter(({ offset }) => offset > location.offset);
  if (behind.length === 0)
    return passed(`Windows is in partition ${location.partition}, the last one of the disk`);
  const evidence = behind.map(
    ({ number: at, type }) =>
      `partition ${at} (${RECOVERY.has(type) ? 'recovery, ' : ''}${type}) lies behind drive C:, which is partition ${location.partition}`,
  );
  return warned(
    `Drive C: cannot grow when a flavor has a larger disk. ${IN_WINDOWS}, run reagentc /disable, delete the partition behind C:, ${SYSPREP_AGAIN}.`,
    ...evidence,
  );
}

/** Nova gives a Windows guest a clock that shows local time. */
export function clock({ values }: DiskFacts): Finding {
  const { clockIsUtc } = values;
  if (clockIsUtc.state === 'unreadable') return unknown(tell(clockIsUtc));
  if (clockIsUtc.state === 'found' && clockIsUtc.value !== 0)
    return warned(
      'Windows takes the clock of the server for UTC, but with os_type=windows Nova sets it to local time. Delete this value.',
      tell(clockIsUtc),
    );
  return passed(tell(clockIsUtc, isThere));
}
