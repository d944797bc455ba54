import { chartsStyle } from './style/charts.ts';
import { dataStyle } from './style/data.ts';
import { frameStyle } from './style/frame.ts';
import { papersStyle } from './style/papers.ts';

/**
 * The only stylesheet, served at `/style.css` without comments and needless blanks. It loads no fonts, pictures or other files. Where rules
 * conflict, the later part wins.
 */
export const styleSheet = [frameStyle, papersStyle, chartsStyle, dataStyle]
  .join('\n')
  .replaceAll(/\/\*.*?\*\//g, '')
  .replaceAll(/;\s*\}/g, '}')
  .replaceAll(/(?<=[;:,{}])\s+|\s+(?=\{)|\b0(?=\.\d)/g, '');
