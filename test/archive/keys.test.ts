import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureKey } from '../../shared/archive/keys.ts';
import { parseSnapshotKey } from '../../shared/model/list.ts';
import { aCapture, anExchange, anyCapture, instant, utf8 } from './captures.ts';

const hex = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the key of a capture', () => {
  it('never changes, so that archives written long ago are found by it', () => {
    expect(captureKey(aCapture())).toBe('raw/daily/2025-01-08/20250108T061500Z-fc693616a972.warc.gz');
    expect(
      captureKey(
        aCapture({ list: 'watched:agents', exchanges: [anExchange({ status: null }), anExchange({ status: 503 })] }),
      ),
    ).toBe('raw/watched=agents/2025-01-08/20250108T061500Z-2badd766746e.warc.gz');
  });

  it('holds the beginning of the SHA-256 of lines that other programs can build', () => {
    const exchanges = [
      anExchange({ url: 'https://huggingface.co/a', status: 429, body: utf8('slow down') }),
      anExchange({ url: 'https://huggingface.co/b', status: null, body: utf8('[]') }),
    ];
    const text =
      `trending\n2025-01-09\n2025-01-09T00:00:00Z\n` +
      `https://huggingface.co/a 429 ${hex('slow down')}\nhttps://huggingface.co/b - ${hex('[]')}\n`;
    const at = instant('2025-01-09T00:00:00Z');
    const capture = aCapture({ list: 'trending', day: '2025-01-09' as never, at, exchanges });
    expect(parseSnapshotKey(captureKey(capture))).toEqual({
      list: 'trending',
      day: '2025-01-09',
      at,
      digest: hex(text).slice(0, 12),
    });
  });

  it('changes with list, day, time, URL, status, payload and the order of exchanges', () => {
    const [one, other] = [anExchange(), anExchange({ url: 'https://huggingface.co/papers/date/2025-01-08' })];
    const captures = [
      aCapture({ exchanges: [one, other] }),
      aCapture({ exchanges: [other, one] }),
      aCapture({ exchanges: [one] }),
      aCapture({ exchanges: [one], list: 'trending' }),
      aCapture({ exchanges: [one], day: '2025-01-07' as never }),
      aCapture({ exchanges: [one], at: instant('2025-01-08T06:15:01Z') }),
      aCapture({ exchanges: [anExchange({ status: 201 })] }),
      aCapture({ exchanges: [anExchange({ body: utf8('[]') })] }),
    ];
    expect(new Set(captures.map((capture) => captureKey(capture).slice(-20, -8))).size).toBe(captures.length);
  });

  it('can be parsed again, whatever the capture', () => {
    fc.assert(
      fc.property(anyCapture, (capture) => {
        const { list, day, at } = capture;
        expect(parseSnapshotKey(captureKey(capture))).toMatchObject({ list, day, at });
      }),
    );
  });
});
