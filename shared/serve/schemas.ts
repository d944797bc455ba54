/**
 * The schemas of all answers. Answering needs only their types, and building them took some 18 of the 285 ms of a start: so they are
 * gathered here, and loaded when the OpenAPI document or the columns of a CSV are asked for.
 */

export * from '../query/answers/exports.ts';
export * from '../query/answers/life.ts';
export * from '../query/answers/movers.ts';
export * from '../query/answers/search.ts';
export * from '../query/answers/span.ts';
export * from '../query/answers/top.ts';
export * from '../query/answers/topics.ts';
export * from '../query/answers.ts';
