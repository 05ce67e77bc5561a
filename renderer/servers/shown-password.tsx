// A password on the screen and on the clipboard, for half a minute.
import { Button, Input } from '@fluentui/react-components';
import { CopyRegular, EyeOffRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { copyText } from '../parts/copy.ts';

/** How long a password stays, in seconds. */
const STAYS = 30;

export function ShownPassword({
  password,
  onHide,
}: {
  readonly password: string;
  readonly onHide: () => void;
}) {
  const [left, setLeft] = useState(STAYS);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (left === 0) onHide();
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left, onHide]);
  // The clipboard is emptied even when this part of the page is gone by then.
  const copy = async () => {
    if (!(await copyText(password))) return;
    setCopied(true);
    setTimeout(() => void copyText(' '), STAYS * 1000);
  };
  return (
    <div className="stack">
      <Input readOnly value={password} aria-label="Password of the server" className="mono" />
      <div className="row">
        <Button size="small" icon={<CopyRegular />} onClick={() => void copy()}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button size="small" appearance="subtle" icon={<EyeOffRegular />} onClick={onHide}>
          Hide ({left} s)
        </Button>
      </div>
      {copied ? <p className="hint">The clipboard is emptied after {STAYS} seconds.</p> : null}
    </div>
  );
}
