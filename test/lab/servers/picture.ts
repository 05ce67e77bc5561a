// Draws the desktop a practice server shows.
import { run } from '../system/command.ts';

// By its full path: other programs named convert may come first in PATH.
const CONVERT = '/usr/bin/convert';

/** ImageMagick's words for a 1280x800 picture of a Windows-like desktop. */
function pictureWords(serverName: string, address: string, file: string): string[] {
  const text = (size: number, at: string, words: string, font = 'DejaVu-Sans') => [
    '-font',
    font,
    '-pointsize',
    `${size}`,
    '-fill',
    'white',
    '-annotate',
    at,
    // A leading @ would make ImageMagick read a file, and % and \ are its escapes.
    words.replace(/[\\%@]/g, ' '),
  ];
  const shapes = (colour: string, ...drawings: string[]) => [
    '-fill',
    colour,
    ...drawings.flatMap((drawing) => ['-draw', drawing]),
  ];
  return [
    '-size',
    '1280x800',
    'radial-gradient:#2f8fe0-#06224d',
    // The four panes of a window, seen at an angle.
    ...shapes(
      '#9fd4ff66',
      'polygon 780,270 900,250 900,372 780,376',
      'polygon 912,248 1060,224 1060,368 912,372',
      'polygon 780,388 900,386 900,508 780,490',
      'polygon 912,386 1060,384 1060,532 912,510',
    ),
    // The desktop's one icon.
    ...shapes('#e8f1fb', 'roundrectangle 44,36 84,66 3,3'),
    ...shapes('#1f6fb8', 'rectangle 48,40 80,62'),
    ...shapes('#e8f1fb', 'rectangle 58,66 70,72', 'rectangle 52,72 76,75'),
    ...text(12, '+34+94', 'This PC'),
    ...text(34, '+120+330', serverName, 'DejaVu-Sans-Bold'),
    ...text(20, '+120+372', 'Windows Server desktop (practice)'),
    ...text(15, '+120+412', `Signed in as Administrator  ·  ${address}`),
    ...text(12, '+120+442', 'A stand-in: a real RDP session, no Windows behind it'),
    // The task bar with its start button.
    ...shapes('#0b1a2ecc', 'rectangle 0,760 1280,800'),
    ...shapes(
      '#5bb8ff',
      'rectangle 16,772 24,779',
      'rectangle 26,772 34,779',
      'rectangle 16,781 24,788',
      'rectangle 26,781 34,788',
    ),
    ...shapes('#ffffff22', 'rectangle 52,768 300,792'),
    ...text(12, '+62+785', 'Type here to search'),
    ...text(12, '+1120+785', 'ENG'),
    file,
  ];
}

/** Draws the desktop of one server into a PNG file. */
export async function drawDesktop(serverName: string, address: string, file: string): Promise<void> {
  await run(CONVERT, pictureWords(serverName, address, file));
}
