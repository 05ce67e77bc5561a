// A password on the screen and on the clipboard, for half a minute.
import { Button, Input } from '@fluentui/react-components';
import { CopyRegular, EyeOffRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { PASSWORD_STAYS } from '../../shared/passwords.ts';
import { useModel } from '../state/app.tsx';
import { copyPassword } from './copy.ts';

/** Shows it until `onHide`, which is called by itself after `PASSWORD_STAYS` seconds. */
export function ShownPassword({
  label,
  password,
  onHide,
}: {
  readonly label: string;
  readonly password: string;
  readonly onHide: () => void;
}) {
  const { client } = useModel();
  const [left, setLeft] = useState(PASSWORD_STAYS);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (left === 0) onHide();
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left, onHide]);
  const copy = async () => {
    setSaid((await copyPassword(client, password)) ? COPIED : 'It cannot be copied from here.');
  };
  return (
    <div className="stack">
      <Input readOnly value={password} aria-label={label} className="mono" />
      <div className="row">
        <Button size="small" icon={<CopyRegular />} onClick={() => void copy()}>
          Copy
        </Button>
        <Button size="small" appearance="subtle" icon={<EyeOffRegular />} onClick={onHide}>
          Hide ({left} s)
        </Button>
      </div>
      <p role="status" className="hint">
        {said}
      </p>
    </div>
  );
}

const COPIED = `Copied. The clipboard is emptied after ${PASSWORD_STAYS} seconds.`;
