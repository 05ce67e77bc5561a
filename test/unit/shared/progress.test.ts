import { describe, expect, it } from 'vitest';
import { createMeter } from '../../../shared/progress.ts';

function clock() {
  let time = Date.parse('2026-01-01T00:00:00Z');
  return { now: () => time, pass: (ms: number) => (time += ms) };
}

describe('a progress meter', () => {
  it('knows neither rate nor time left at the first sign of life', () => {
    const { now } = clock();
    expect(createMeter('bytes', 100, now).update(0, 'Sending')).toEqual({
      done: 0,
      total: 100,
      unit: 'bytes',
      rate: null,
      etaSeconds: null,
      message: 'Sending',
      lastActivity: '2026-01-01T00:00:00.000Z',
    });
  });

  it('tells the rate per second and the seconds left', () => {
    const { now, pass } = clock();
    const meter = createMeter('bytes', 1000, now);
    meter.update(0, 'Sending');
    pass(2000);
    expect(meter.update(200, 'Sending')).toMatchObject({ rate: 100, etaSeconds: 8 });
  });

  it('does not count what an earlier attempt had already brought', () => {
    const { now, pass } = clock();
    const meter = createMeter('bytes', 1000, now);
    meter.update(900, 'Resuming');
    pass(1000);
    expect(meter.update(910, 'Resuming')).toMatchObject({ rate: 10, etaSeconds: 9 });
  });

  it('follows a line that slows down, and names the moment it fell silent', () => {
    const { now, pass } = clock();
    const meter = createMeter('bytes', 10_000, now);
    for (let second = 0; second <= 5; second++) {
      meter.update(second * 1000, 'Sending');
      pass(1000);
    }
    for (let second = 0; second < 11; second++) {
      meter.update(5000, 'Sending');
      pass(1000);
    }
    const silent = meter.update(5000, 'Sending');
    expect(silent.rate).toBe(0);
    expect(silent.etaSeconds).toBeNull();
    expect(silent.lastActivity).toBe('2026-01-01T00:00:05.000Z');
  });

  it('starts afresh when the count goes backwards, and takes a total learnt later', () => {
    const { now, pass } = clock();
    const meter = createMeter('bytes', null, now);
    meter.update(0, 'Loading');
    pass(1000);
    expect(meter.update(500, 'Loading')).toMatchObject({ rate: 500, etaSeconds: null });
    pass(1000);
    expect(meter.update(0, 'Again', 600)).toMatchObject({ rate: null, total: 600 });
    pass(1000);
    expect(meter.update(100, 'Again')).toMatchObject({ rate: 100, etaSeconds: 5 });
  });
});
