import { describe, expect, it } from 'vitest';
import { capturePath, indexPath, listPath, paperPath, withQuery } from '../../shared/web/paths.ts';

describe('paths of pages', () => {
  it('name a list and a day of it', () => {
    expect(listPath('daily')).toBe('/daily');
    expect(listPath('watched:snails', '2025-01-08')).toBe('/watched/snails/2025-01-08');
  });

  it('keep the slash of an old paper id', () => {
    expect(paperPath('cs/0301012')).toBe('/papers/cs/0301012');
    expect(paperPath('2501.90001')).toBe('/papers/2501.90001');
  });

  it('contain the slug of a name in any script; a name without letters has no page', () => {
    expect(indexPath('authors', 'Đặng Thị Mẫu')).toBe(`/authors/${encodeURIComponent('đang-thi-mau')}`);
    expect(indexPath('keywords', '???')).toBeNull();
  });

  it('write the time of a capture without separators', () => {
    expect(capturePath('watched:snails', '2025-01-08', '2025-01-08T06:15:00Z')).toBe(
      '/captures/watched:snails/2025-01-08/20250108T061500Z',
    );
  });

  it('leave out parameters without a value', () => {
    expect(withQuery('/daily/2025-01-08', { at: null, sort: undefined })).toBe('/daily/2025-01-08');
    expect(withQuery('/coverage', { list: 'watched:snails' })).toBe('/coverage?list=watched%3Asnails');
  });
});
