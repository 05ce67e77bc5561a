import { Button, type ButtonProps } from '@fluentui/react-components';
import { CheckmarkRegular, CopyRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import { copyText } from './copy.ts';

/** How long the button says that it copied, in milliseconds. */
const SAID = 2000;

/** Copies `text` and says so for a moment. */
export function CopyButton({
  text,
  label = 'Copy',
  ...rest
}: { readonly text: string; readonly label?: string } & Pick<ButtonProps, 'size' | 'appearance'>) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      {...rest}
      icon={copied ? <CheckmarkRegular /> : <CopyRegular />}
      onClick={() => void copyText(text).then(setCopied)}
    >
      {copied ? 'Copied' : label}
    </Button>
  );
}
