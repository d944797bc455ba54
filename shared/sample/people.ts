import people from './people.json' with { type: 'json' };
import { createRandom, pick, pickByWeight, pickSome, type Random } from './random.ts';

/** An invented organization: login and full name. */
export type SampleOrganization = { readonly name: string; readonly fullname: string };

/** The organizations of the sample. */
export const ORGANIZATIONS: readonly SampleOrganization[] = people.organizations.map((fullname) => ({
  name: fullname.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
  fullname,
}));

/** Members of a group: so few that a name returns within weeks and its page shows several papers. */
const GROUP_SIZE = 26;
const FREE_GROUPS = 60;
const groups = new Map<string, readonly string[]>();

/** Invented people who write together. Given names are real, most family names are not. */
function membersOf(group: string): readonly string[] {
  const random = createRandom(`group ${group}`);
  const name = () => {
    const { given, family } = pickByWeight(random, people.cultures, ({ share }) => share);
    return `${pick(random, given)} ${pick(random, family)}`;
  };
  const members = groups.get(group) ?? [...new Set(Array.from({ length: GROUP_SIZE }, name))];
  groups.set(group, members);
  return members;
}

/** Picks `count` different authors: most from the organization (or one free group), some guests. */
export function pickAuthors(random: Random, home: SampleOrganization | null, count: number): string[] {
  const freeGroup = () => membersOf(`free ${Math.floor(random() * FREE_GROUPS)}`);
  const guests = random() < 0.4 ? Math.floor(count / 3) : 0;
  const names = new Set(pickSome(random, home ? membersOf(home.name) : freeGroup(), count - guests));
  while (names.size < count) names.add(pick(random, freeGroup()));
  return [...names];
}

/** The login of a person, always the same for a name: `lea-vauclair`, `lvauclair`, `vauclair7`. */
export function loginFor(name: string): string {
  const random = createRandom(`login ${name}`);
  const words = name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z ]/g, '')
    .toLowerCase()
    .split(' ');
  const [given = '', family = given] = [words[0], words.at(-1)];
  return pick(random, [
    `${given}-${family}`,
    `${given.slice(0, 1)}${family}`,
    `${family}${2 + Math.floor(random() * 97)}`,
    given + family,
  ]);
}
