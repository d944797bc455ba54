import * as z from 'zod';

/** Fields of ours have names that begin with an underscore; `sample` is the one that every answer of this site has. */
const Author = z.strictObject({ name: z.string().min(1), url: z.url().optional(), avatar: z.url().optional() });
const Item = z.strictObject({
  id: z.string().startsWith('tag:'),
  url: z.string(),
  external_url: z.url().optional(),
  title: z.string(),
  summary: z.string().min(1),
  content_text: z.string().min(1),
  date_published: z.iso.datetime(),
  date_modified: z.iso.datetime(),
  authors: z.array(Author),
  tags: z.array(z.string()),
});

/** What the specification of JSON Feed 1.1 allows of what we write (jsonfeed.org/version/1.1), strictly: unknown fields are refused. */
export const JsonFeed = z
  .strictObject({
    version: z.literal('https://jsonfeed.org/version/1.1'),
    title: z.string().min(1),
    description: z.string(),
    home_page_url: z.string(),
    feed_url: z.string(),
    language: z.literal('en'),
    sample: z.literal(true).optional(),
    items: z.array(Item),
  })
  .refine(({ items }) => new Set(items.map(({ id }) => id)).size === items.length, 'two entries have one id');
