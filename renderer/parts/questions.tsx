// What the backend asks in the middle of its work: is this the right host, which password, yes or no.
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Link,
  Spinner,
} from '@fluentui/react-components';
import { type FormEvent, useState } from 'react';
import type { Question } from '../../shared/views.ts';
import { useApp, useModel } from '../state/app.tsx';
import { CodeBox } from './code-box.tsx';
import { visibleName } from './format.ts';

const ACCEPT: Readonly<Record<Exclude<Question['kind'], 'browser'>, string>> = {
  'host-key': 'Trust this host',
  secret: 'Continue',
  answers: 'Continue',
  confirm: 'Yes',
};

/** Shows the oldest open question, one at a time. */
export function Questions() {
  const question = useApp(({ questions }) => questions[0]);
  return question ? <QuestionDialog key={question.id} question={question} /> : null;
}

function QuestionDialog({ question }: { readonly question: Question }) {
  const model = useModel();
  const [values, setValues] = useState<string[]>(question.fields.map(() => ''));
  const answer = (given: string[] | null) => void model.answer(question.id, given).catch(() => undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    answer(values);
  };
  return (
    // Only an answer closes it; Escape is the answer no.
    <Dialog open onOpenChange={(_, data) => data.type === 'escapeKeyDown' && answer(null)}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{question.title}</DialogTitle>
            <DialogContent className="stack">
              <p className="foreign">{question.text}</p>
              {question.fingerprint ? (
                <>
                  <CodeBox label="Fingerprint" text={question.fingerprint} />
                  <p className="hint">
                    Compare it with what the administrator of the host tells you, or with the output of
                    “ssh-keygen -l” on the host. Casement remembers your answer and warns you if the host ever
                    shows another key.
                  </p>
                </>
              ) : null}
              {question.url ? <SignInPage url={question.url} /> : null}
              {question.fields.map((field, index) => (
                <Field key={field.label} label={visibleName(field.label)}>
                  <Input
                    type={field.echo ? 'text' : 'password'}
                    autoComplete="off"
                    autoFocus={index === 0}
                    value={values[index] ?? ''}
                    onChange={(_, data) =>
                      setValues(values.map((old, at) => (at === index ? data.value : old)))
                    }
                  />
                </Field>
              ))}
            </DialogContent>
            <DialogActions>
              <Button onClick={() => answer(null)}>{question.kind === 'confirm' ? 'No' : 'Cancel'}</Button>
              {question.kind === 'browser' ? null : (
                <Button type="submit" appearance="primary">
                  {ACCEPT[question.kind]}
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

/** The page to sign in on: Electron has opened the browser already, the served front is in one. */
function SignInPage({ url }: { readonly url: string }) {
  const served = useApp(({ info }) => info?.front === 'served');
  return (
    <>
      <Spinner size="tiny" labelPosition="after" label="Waiting for your browser" role="status" />
      {served ? (
        <p>
          <Link href={url} target="_blank" rel="noreferrer" inline>
            Open the sign-in page
          </Link>
        </p>
      ) : null}
      <p className="hint">
        {served ? 'Or copy the address:' : 'If no page has opened, copy the address into your browser:'}
      </p>
      <CodeBox label="Address" text={url} />
    </>
  );
}
