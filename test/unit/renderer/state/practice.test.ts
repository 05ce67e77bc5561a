import { describe, expect, it } from 'vitest';
import { practiceBegun, practiceHeard } from '../../../../renderer/state/practice.ts';

const line = (stage: string, state: string, message: string) => ({ stage, state, message });

describe('the progress of the practice laboratory', () => {
  it('keeps one line a part, in the order they began', () => {
    const progress = [
      line('sshd', 'started', 'Starting'),
      line('cloud', 'started', 'Starting the cloud'),
      line('sshd', 'done', 'Listens'),
    ].reduce((before, heard) => practiceHeard(before, heard, 5000), practiceBegun(1000));
    expect(progress.lines).toEqual([
      { stage: 'sshd', state: 'done', message: 'Listens' },
      { stage: 'cloud', state: 'started', message: 'Starting the cloud' },
    ]);
  });

  it('knows since when it runs and when it was last heard', () => {
    const progress = practiceHeard(practiceBegun(1000), line('sshd', 'failed', 'No'), 61_000);
    expect(progress.startedAt).toBe(1000);
    expect(progress.lastActivity).toBe('1970-01-01T00:01:01.000Z');
  });

  it('takes a state it does not know for work that goes on', () => {
    const progress = practiceHeard(practiceBegun(0), line('media', 'warming', 'Hm'), 0);
    expect(progress.lines[0]?.state).toBe('started');
  });
});
