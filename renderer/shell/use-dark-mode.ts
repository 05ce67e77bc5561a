import { useEffect, useSyncExternalStore } from 'react';

const query = () => window.matchMedia('(prefers-color-scheme: dark)');

/** Whether the window is dark, by choice or as the system is. The page's own scrollbars and controls follow. */
export function useDarkMode(theme: 'system' | 'light' | 'dark'): boolean {
  const system = useSyncExternalStore(
    (listener) => {
      const media = query();
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => query().matches,
  );
  const dark = theme === 'system' ? system : theme === 'dark';
  useEffect(() => {
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [dark]);
  return dark;
}
