// Checks of what Sysprep and Setup left behind. Pure. Source of the states: Microsoft, "Windows Setup states" and "Sysprep
// process overview"; of the numbers 7 and 2: Cloudbase-Init, which waits for the first, and comparisons of good templates.
import type { DiskFacts } from './inspect-facts.ts';
import {
  clipped,
  type Finding,
  failed,
  hiddenOf,
  IN_WINDOWS,
  isThere,
  number,
  passed,
  SYSPREP_AGAIN,
  tell,
  unknown,
  warned,
  words,
} from './inspect-words.ts';

const RUN_SYSPREP = `${IN_WINDOWS} and run Sysprep: C:\\Windows\\System32\\Sysprep\\sysprep.exe /generalize /oobe /shutdown   If it failed before, C:\\Windows\\System32\\Sysprep\\Panther\\setuperr.log says why.`;

/** Whether Sysprep came to its end. */
export function sysprep({ files, values }: DiskFacts): Finding {
  const { generalization, cleanup, setupType } = values;
  const hidden = hiddenOf(files.sysprepTag, generalization);
  if (hidden.length > 0) return unknown(...hidden);
  const evidence = [tell(files.sysprepTag, isThere), tell(generalization), tell(cleanup), tell(setupType)];
  const state = number(generalization);
  if (files.sysprepTag.state !== 'found' || (state !== null && state !== 7))
    return failed(RUN_SYSPREP, ...evidence);
  const odd = [(number(cleanup) ?? 2) !== 2, (number(setupType) ?? 2) !== 2].includes(true);
  return odd
    ? warned(
        'Sysprep says that it succeeded, but left unusual values. Boot a server from the image before you rely on it.',
        ...evidence,
      )
    : passed(...evidence);
}

const GENERALIZED = 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE';
const STATES: Readonly<Record<string, string>> = {
  IMAGE_STATE_UNDEPLOYABLE: `A phase of Setup or Sysprep did not finish; Microsoft calls such an image never deployable. Install Windows again. Until then Windows\\Panther and Windows\\System32\\Sysprep\\Panther tell what went wrong.`,
  IMAGE_STATE_COMPLETE: RUN_SYSPREP,
  IMAGE_STATE_GENERALIZE_RESEAL_TO_AUDIT: `Windows would start in audit mode. ${RUN_SYSPREP}`,
};

/** Where Setup says that the image stands. */
export function imageState({ values, texts }: DiskFacts): Finding {
  const { imageState: registry } = values;
  const file = texts.stateIni;
  const hidden = hiddenOf(registry);
  if (hidden.length > 0) return unknown(...hidden);
  const ini = /^[ \t]*ImageState[ \t]*=[ \t]*"?([^"\r\n]*)/im
    .exec(file.state === 'found' ? file.value : '')?.[1]
    ?.trim();
  const evidence = [tell(registry), tell(file, () => `says ${clipped(ini ?? 'nothing')}`)];
  const bad = [words(registry), ini ?? GENERALIZED].find((state) => state !== GENERALIZED);
  if (bad === undefined) return passed(...evidence);
  return failed(STATES[bad] ?? `Windows is not generalized. ${RUN_SYSPREP}`, ...evidence);
}

/** What Sysprep complained of. Some of it appears in runs that succeeded as well. */
export function sysprepErrors({ texts }: DiskFacts): Finding {
  const log = texts.sysprepErrors;
  if (log.state === 'unreadable') return unknown(tell(log));
  const lines = log.state === 'found' ? log.value.split(/\r?\n/).filter((line) => line.trim() !== '') : [];
  if (lines.length === 0) return passed(tell(log, () => 'is empty'));
  return warned(
    'Read the log. A line about Windows Defender (MRTGeneralize) or DscCore.dll is harmless.',
    tell(
      log,
      () =>
        `has ${lines.length} ${lines.length === 1 ? 'line' : 'lines'}, the first: ${clipped(lines[0] ?? '')}`,
    ),
  );
}

/** Answer files that stayed, and whether somebody could read a password in them. */
export function answerFiles({ answers }: DiskFacts): Finding {
  const left = answers.filter(({ state }) => state === 'found');
  const open = left.filter((file) => file.state === 'found' && holdsPassword(file.value));
  if (open.length > 0)
    return warned(
      `Anybody with a server made from this image can read the password. ${IN_WINDOWS}, delete the file, ${SYSPREP_AGAIN}.`,
      ...open.map((file) => tell(file, () => 'holds a password')),
    );
  const hidden = hiddenOf(...answers);
  if (hidden.length > 0) return unknown(...hidden);
  if (left.length > 0) return passed(...left.map((file) => tell(file, () => 'holds no password')));
  return passed(...answers.map((file) => tell(file)));
}

/** Elements that hold a password; Setup replaces those it has used by this mark. */
const PASSWORD = /<(?:\w+:)?\w*Password\b[^<>]*>([^<]*)(?:<(?:\w+:)?Value\b[^<>]*>([^<]*))?/gi;
const DELETED = '*SENSITIVE*DATA*DELETED*';

/** Whether an answer file has a password in it that is neither empty nor deleted. */
export function holdsPassword(xml: string): boolean {
  for (const [, plain = '', value = ''] of xml.matchAll(PASSWORD))
    if ([plain, value].some((text) => text.trim() !== '' && text.trim() !== DELETED)) return true;
  return false;
}

/** Work that Windows put off until its next start. */
export function pendingReboot({ keys, values }: DiskFacts): Finding {
  const waiting = [keys.servicing, keys.updates, values.renames];
  const evidence = [
    tell(keys.servicing, isThere),
    tell(keys.updates, isThere),
    tell(values.renames, (data) => `lists ${Array.isArray(data) ? data.length : 'some'} names`),
  ];
  if (waiting.some(({ state }) => state === 'found'))
    return warned(
      `Windows has work to finish before it may be copied. ${IN_WINDOWS}, restart it until nothing is left, ${SYSPREP_AGAIN}.`,
      ...evidence,
    );
  const hidden = hiddenOf(...waiting);
  return hidden.length > 0 ? unknown(...hidden) : passed(...evidence);
}
