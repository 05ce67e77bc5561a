// Judges the KVM part of a probe. Pure.
import type { Finding } from '../../shared/views.ts';
import { joinGroup, loadKvm, type Remedy } from './fix-remedies.ts';
import type { ProbeFacts } from './probe-parse.ts';

type Verdict = Pick<Finding, 'status' | 'value' | 'meaning'> & { readonly remedy: Remedy | null };

const SLOWER = 'Builds work without KVM, but Windows Setup takes many times longer.';

/** What the KVM part of a probe means, and what mends it. */
export function judgeKvm(facts: ProbeFacts): Verdict {
  const warned = (value: string, meaning: string, remedy: Remedy | null = null): Verdict => ({
    status: 'warned',
    value,
    meaning: `${meaning} ${SLOWER}`,
    remedy,
  });
  if (facts.arch !== 'x86_64' && facts.arch !== 'amd64')
    return warned(`processor ${facts.arch}`, 'This host has no x86 processor and can only emulate one.');
  switch (facts.kvm) {
    case 'works':
      return {
        status: 'passed',
        value: facts.kvmRemembered ? 'ran a guest (since this start of the host)' : 'ran a guest',
        meaning: 'The processor runs virtual machines at full speed.',
        remedy: null,
      };
    case 'missing':
      return missing(facts, warned);
    case 'forbidden':
      return forbidden(facts, warned);
    case 'no-qemu':
      return {
        status: 'unknown',
        value: '/dev/kvm is there',
        meaning: 'Whether it works can be told once QEMU is installed.',
        remedy: null,
      };
    case 'slow':
      return warned(
        'a tiny guest did not end in time',
        'KVM is there but too slow or stuck; check again when the host is less busy.',
      );
    case 'broken':
      return warned(
        `opens, but a tiny guest did not live${firstLine(facts.kvmSaid)}`,
        'The KVM of this host does not really run guests, as on some virtual machines that are hosts themselves.',
      );
  }
}

type Warn = (value: string, meaning: string, remedy?: Remedy | null) => Verdict;

function missing(facts: ProbeFacts, warned: Warn): Verdict {
  if (facts.virtualization !== null)
    return warned(
      'no /dev/kvm',
      'The processor can do it, but the kernel module is not loaded.',
      loadKvm(facts.virtualization),
    );
  if (facts.nested)
    return warned(
      'no /dev/kvm',
      'This host is itself a virtual machine without nested virtualization: switch that on where it runs.',
    );
  return warned(
    'no /dev/kvm',
    'The processor offers no virtualization: switch on "Intel VT-x" or "AMD-V (SVM)" in the firmware setup of the host.',
  );
}

function forbidden(facts: ProbeFacts, warned: Warn): Verdict {
  const group = facts.kvmGroup;
  if (group !== 'kvm')
    return warned(
      'no permission on /dev/kvm',
      'Your account may not use /dev/kvm; ask the owner of the host.',
    );
  if (facts.accountGroups.includes(group) && !facts.groups.includes(group))
    return warned(
      'permission from the next sign-in on',
      'Your account was added to the group kvm: disconnect and connect again, then check once more.',
    );
  return warned(
    'no permission on /dev/kvm',
    'Your account is not in the group kvm; after the fix, disconnect and connect again.',
    joinGroup(group, facts.user),
  );
}

function firstLine(said: string): string {
  const line =
    said
      .split('\n')[0]
      ?.replace(/\p{Cc}/gu, ' ')
      .slice(0, 160) ?? '';
  return line === '' ? '' : ` (${line})`;
}
