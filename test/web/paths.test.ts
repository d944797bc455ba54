import { describe, expect, it } from 'vitest';
import { capturePath, indexPath, listPath, paperPath, withQuery } from '../../shared/web/paths.ts';

describe('addresses', () => {
  it('of lists and their days', () => {
    expect(listPath('daily')).toBe('/daily');
    expect(listPath('watched:snails', '2025-01-08')).toBe('/watched/snails/2025-01-08');
  });

  it('of papers keep the slash of an old id', () => {
    expect(paperPath('cs/0301012')).toBe('/papers/cs/0301012');
    expect(paperPath('2501.90001')).toBe('/papers/2501.90001');
  });

  it('of names are their slug, of any script; a name without letters has none', () => {
    expect(indexPath('authors', 'Đặng Thị Mẫu')).toBe(`/authors/${encodeURIComponent('đang-thi-mau')}`);
    expect(indexPath('keywords', '???')).toBeNull();
  });

  it('of captures have the compact time', () => {
    expect(capturePath('watched:snails', '2025-01-08', '2025-01-08T06:15:00Z')).toBe(
      '/captures/watched:snails/2025-01-08/20250108T061500Z',
    );
  });

  it('leave out parameters without value', () => {
    expect(withQuery('/daily/2025-01-08', { at: null, sort: undefined })).toBe('/daily/2025-01-08');
    expect(withQuery('/coverage', { list: 'watched:snails' })).toBe('/coverage?list=watched%3Asnails');
  });
});
