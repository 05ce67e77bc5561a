import { describe, expect, it } from 'vitest';
import { createEvents } from '../../../electron/backend/events.ts';
import { createQuestions } from '../../../electron/backend/questions.ts';
import { createSecrets } from '../../../electron/backend/secrets.ts';
import type { Question } from '../../../shared/views.ts';

const wish = {
  kind: 'confirm' as const,
  title: 'Really?',
  text: '',
  fingerprint: null,
  fields: [{ label: 'Answer', echo: true }],
};

function setUp() {
  const events = createEvents();
  const seen: { name: string; id: string }[] = [];
  events.on((name, payload) => seen.push({ name, id: (payload as Question).id }));
  return { events, seen, questions: createQuestions(events) };
}

describe('a question to the person in front', () => {
  it('is answered once and then gone for every window', async () => {
    const { seen, questions } = setUp();
    const answer = questions.ask(wish);
    const id = seen[0]?.id ?? '';
    questions.answer(id, ['yes']);
    questions.answer(id, ['too late']);
    expect(await answer).toEqual(['yes']);
    expect(seen).toEqual([
      { name: 'question', id },
      { name: 'question.gone', id },
    ]);
  });

  it('is declined when its work is aborted or the backend closes', async () => {
    const { questions } = setUp();
    const stop = new AbortController();
    const answers = [questions.ask(wish, stop.signal), questions.ask(wish)];
    stop.abort();
    questions.close();
    expect(await Promise.all(answers)).toEqual([null, null]);
    expect(await questions.ask(wish, stop.signal)).toBeNull();
  });

  it('is shown again to a window that comes later, until it is answered', async () => {
    const { questions, seen } = setUp();
    const answers = [questions.ask(wish), questions.ask(wish)];
    const [first = '', second = ''] = seen.map(({ id }) => id);
    const late: string[] = [];
    questions.greet((_name, question) => late.push(question.id));
    expect(late).toEqual([]);
    // Answered by the older window before the newer one was told.
    questions.answer(first, ['yes']);
    // Asked by everybody's event: not to be shown twice.
    answers.push(questions.ask(wish));
    await Promise.resolve();
    expect(late).toEqual([second]);
    questions.answer(second, ['no']);
    questions.close();
    expect(await Promise.all(answers)).toEqual([['yes'], ['no'], null]);
  });

  it('is not shown to a window that is gone before it was told, nor ended by one that fails', async () => {
    const { questions, seen } = setUp();
    const answer = questions.ask(wish);
    const told: string[] = [];
    questions.greet((_name, { id }) => told.push(id))();
    questions.greet(() => {
      throw new Error('window is gone');
    });
    await Promise.resolve();
    expect(told).toEqual([]);
    questions.answer(seen[0]?.id ?? '', []);
    expect(await answer).toEqual([]);
  });

  it('does not let a failing listener disturb the others', async () => {
    const { events, questions, seen } = setUp();
    events.on(() => {
      throw new Error('window is gone');
    });
    const answer = questions.ask(wish);
    questions.answer(seen[0]?.id ?? '', []);
    expect(await answer).toEqual([]);
  });
});

describe('a secret', () => {
  const desktop = { openExternal: async () => {} };

  it('comes from the environment, from memory or from the person', async () => {
    let asked = 0;
    const ask = { ask: async () => [`typed ${++asked}`] };
    const secrets = createSecrets(desktop, ask, { TOKEN: 'from env' });
    await secrets.put('kept', 'from memory');
    expect(await secrets.get('env:TOKEN', 'x')).toBe('from env');
    expect(await secrets.get('keyring:kept', 'x')).toBe('from memory');
    expect(await Promise.all([secrets.get('ask:a:b', 'x'), secrets.get('ask:a:b', 'x')])).toEqual([
      'typed 1',
      'typed 1',
    ]);
  });

  it('that an earlier program kept in memory is asked for once, and again after a refusal', async () => {
    const answers: (readonly string[] | null)[] = [null, ['typed again'], ['never asked']];
    const secrets = createSecrets(desktop, { ask: async () => answers.shift() ?? null }, {});
    await expect(secrets.get('keyring:pass', 'the password')).rejects.toMatchObject({
      code: 'secret.missing',
      whatToDo: expect.stringContaining('env:NAME'),
    });
    expect(await secrets.get('keyring:pass', 'the password')).toBe('typed again');
    expect(await secrets.get('keyring:pass', 'the password')).toBe('typed again');
  });

  it('is missing with a sentence when nobody has it, and may be asked again', async () => {
    const answers: (readonly string[] | null)[] = [null, null, ['second try']];
    const secrets = createSecrets(desktop, { ask: async () => answers.shift() ?? null }, {});
    await expect(secrets.get('env:NOPE', 'the password')).rejects.toMatchObject({ code: 'secret.missing' });
    await expect(secrets.get('keyring:nope', 'the password')).rejects.toMatchObject({
      code: 'secret.missing',
    });
    await expect(secrets.get('ask:it', 'the password')).rejects.toMatchObject({ code: 'secret.missing' });
    expect(await secrets.get('ask:it', 'the password')).toBe('second try');
  });
});
