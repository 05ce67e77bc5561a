import { useEffect } from 'react';
import { useMedia } from '../parts/use-media.ts';

/** Whether the window is dark, by choice or as the system is. The page's own scrollbars and controls follow. */
export function useDarkMode(theme: 'system' | 'light' | 'dark'): boolean {
  const system = useMedia('(prefers-color-scheme: dark)');
  const dark = theme === 'system' ? system : theme === 'dark';
  useEffect(() => {
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [dark]);
  return dark;
}
