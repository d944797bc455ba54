/**
 * The schemas of all answers. Answering needs only their types, and building them took some 18 of the 285 ms of a start: so they are
 * gathered here, and loaded when the OpenAPI document or the columns of a CSV are asked for.
 */

export * from './schemas/exports.ts';
export * from './schemas/milestones.ts';
export * from './schemas/movers.ts';
export * from './schemas/range.ts';
export * from './schemas/search.ts';
export * from './schemas/top.ts';
export * from './schemas/topics.ts';
export * from './schemas.ts';
