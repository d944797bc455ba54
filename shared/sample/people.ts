import { createRandom, pick, pickSome, type Random } from './random.ts';

/** Who wrote the made-up papers. Given names are real ones, family names mostly are not; no combination means a person. */

/** An organization as the feed writes it: login and full name. */
export type Organization = { readonly name: string; readonly fullname: string };

const list = (text: string): string[] => text.split(',').map((one) => one.trim());

const CULTURES: readonly {
  readonly given: readonly string[];
  readonly family: readonly string[];
  readonly share: number;
}[] = [
  {
    share: 5,
    given: list(
      'Weijun, Ruoxi, Yichen, Haoming, Siyuan, Jiawen, Xinlei, Mengqi, Zhiyan, Tianyu, Lingfei, Qiuyue, Shuhan, Bowen, Yaxin, Kaiwen',
    ),
    family: list('Zhuo, Qiang, Luan, Shuai, Bian, Geng, Mu, Xiong, Tong, Yue, Ouyan, Shangli, Kuang, Nie, Sikou, Duan'),
  },
  {
    share: 2,
    given: list('Seojun, Minhae, Jiwoo, Haneul, Dohyun, Yerin, Taeyang, Sumin, Hyejin, Joonho'),
    family: list('Namgung, Seok, Bang, Hwangbo, Ryu, Pyo, Jegal, Maeng, Tak, Seomun'),
  },
  {
    share: 2,
    given: list('Haruto, Yuzuki, Sora, Akari, Kenshiro, Mio, Daichi, Natsuko, Ren, Tomoka'),
    family: list('Tanahara, Mizukawa, Hoshimori, Kuramine, Asagiri, Shirotani, Okanobe, Fukuzono, Amemiyara, Kitahama'),
  },
  {
    share: 3,
    given: list('Aarav, Meenakshi, Rohan, Ishita, Vikram, Ananya, Kabir, Lavanya, Nikhil, Sharmila, Devika, Arjun'),
    family: list(
      'Varadhan, Chandrakar, Mukhedkar, Ranganath, Bhosekar, Iyengara, Talwadi, Sethuram, Kulshre, Padmavar, Dasharathi, Nambiath',
    ),
  },
  {
    share: 3,
    given: list('Eleanor, Marcus, Imogen, Theo, Harriet, Callum, Beatrice, Owen, Nadine, Felix, Rosalind, Jasper'),
    family: list(
      "Ashgrove, Whitlock-Pane, Thornbury, Marlowe-Finch, Kettleby, Dunmoor, Halloway, O'Farrin, Stroudley, Larkhill, Penhallon, Wexcombe",
    ),
  },
  {
    share: 1,
    given: list('Łukasz, Agnieszka, Miłosz, Zofia, Václav, Tereza, Andrej, Živa, Bogdan, Ludmila'),
    family: list(
      'Brzeźnik, Kowalczewska, Dvořánek, Šimůnek, Wrześniak, Horákovič, Mlinarič, Zajíček, Petrovski-Luka, Nowotarski',
    ),
  },
  {
    share: 1,
    given: list('Søren, Ingrid, Åsa, Mikkel, Jóhann, Freyja, Lasse, Tuuli, Björn, Signe'),
    family: list(
      'Halvorsund, Lindqvarn, Østerhaug, Kjærbo, Sigurvinsdóttir, Mäkiranta, Bergströmer, Ådalsvik, Nørlund, Virtakoski',
    ),
  },
  {
    share: 2,
    given: list('Léa, Étienne, Maëlle, Rémi, Clémence, Théo-Paul, Anaïs, Jérôme, Noémie, Loïc'),
    family: list(
      'Beaurivage, Delacombe, Fontvieille, Garnichet, Lestrangeau, Marchevel, Périgault, Rousselin, Tréguennec, Vauclair',
    ),
  },
  {
    share: 2,
    given: list('Jürgen, Annika, Matthäus, Friederike, Lukas, Käthe, Moritz, Leonie, Götz, Wiebke'),
    family: list(
      'Achterberg, Brückenau, Eichstätter, Falkenrode, Grünbichler, Hohenwald, Krähwinkel, Möllendorff, Steinmühl, Überlinger',
    ),
  },
  {
    share: 2,
    given: list('Íñigo, Lucía, Joaquín, Marisol, João, Beatriz, Tomás, Ximena, Caetano, Inês, Nahuel, Valeria'),
    family: list(
      'Albarracón, Cifuentera, Echevarrain, Ibarrola, Montesclaros, Nogueirão, Peñalosa, Quintanar, Ribadeneira, Sotomonte, Vilarinho, Zubimendi',
    ),
  },
  {
    share: 2,
    given: list('Amara, Chidi, Folasade, Kwabena, Thandiwe, Yohannes, Zainab, Sekou, Makena, Tendai'),
    family: list(
      'Okandele, Adeyinwa, Mensarfo, Ndlomazi, Gebremeskal, Diaratou, Wanjikari, Chikwanda, Obiekwu, Bangurama',
    ),
  },
  {
    share: 1,
    given: list('Elif, Emre, Şebnem, Çağlar, Parisa, Navid, Shirin, Rustam, Gülnara, Farhod'),
    family: list(
      'Karadağlı, Yıldızhan, Özgüneş, Farahmandi, Khosravani, Rezvanpour, Tursunov, Akmaral, Şahinbay, Mirzoyan',
    ),
  },
  {
    share: 1,
    given: list('Layla, Yousef, Noor, Tariq, Avital, Eitan, Salma, Idris, Noga, Karim'),
    family: list(
      'Al-Mansoubi, Haddarin, Ben-Artzi-Levan, Shamirov, El-Khatara, Barakeh, Zoharim, Benyaghoub, Qasimani, Mizrahat',
    ),
  },
  {
    share: 2,
    given: list('Minh Anh, Quỳnh, Bảo, Thảo, Anong, Somchai, Putri, Bayu, Nurul, Aizat, Maricel, Linh'),
    family: list(
      'Trầnvỹ, Đặngmai, Phạmlan, Srisuwanna, Wattanakit, Kusumadewa, Pranotono, Lim-Santos, Rahmanita, Dela Peñaflor, Vũsơn, Halimatun',
    ),
  },
];

const SHARES = CULTURES.flatMap((culture) => Array.from({ length: culture.share }, () => culture));

const aName = (chance: Random): string => {
  const culture = pick(chance, SHARES);
  return `${pick(chance, culture.given)} ${pick(chance, culture.family)}`;
};

const organization = (fullname: string): Organization => ({
  name: fullname.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
  fullname,
});

/** Where they work. */
export const ORGANIZATIONS: readonly Organization[] = list(
  'Lakeside AI, Northern Institute of Technology, Harborlight Research, Meridian Robotics, University of Eastmoor, Quillwork Labs, ' +
    'Polytechnic of Vesterhavn, Cedar Hill College, Open Cartography Group, Tidewater Compute, Saltmarsh Systems, Institute for Patient Machines, ' +
    'Blue Heron Intelligence, Arkady Language Lab, Sungrove University, Mountain School of Computing, Fernbank Vision, Longhouse Collective, ' +
    'Third Harbor Speech, Academy of Lindenau, Copperfield Silicon, Riverbend Health AI, Nimbus and Daughters, Kiteworks Institute of Science',
).map(organization);

/** How many people a group has: so few that a name comes back within weeks and has a page worth opening. */
const GROUP_SIZE = 26;
const LOOSE_GROUPS = 60;

const groups = new Map<string, readonly string[]>();

function groupOf(name: string): readonly string[] {
  const known = groups.get(name);
  if (known) return known;
  const chance = createRandom(`group ${name}`);
  const members = [...new Set(Array.from({ length: GROUP_SIZE }, () => aName(chance)))];
  groups.set(name, members);
  return members;
}

/** Different names: most from the group of the organization (or from a loose group when there is none), some from a second one. */
export function pickAuthors(chance: Random, home: Organization | null, count: number): string[] {
  const loose = () => `loose ${Math.floor(chance() * LOOSE_GROUPS)}`;
  const first = home?.name ?? loose();
  const guests = chance() < 0.4 ? Math.floor(count / 3) : 0;
  const names = new Set(pickSome(chance, groupOf(first), count - guests));
  while (names.size < count) {
    const missing = count - names.size;
    for (const name of pickSome(chance, groupOf(loose()), Math.min(missing, 12))) names.add(name);
  }
  return [...names];
}

/** A login as people choose them, made of a name: `lea-vauclair`, `lvauclair`, `vauclair7`. */
export function toLogin(chance: Random, name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z ]/g, '')
    .split(' ');
  const given = plain[0] ?? '';
  const family = plain.at(-1) ?? '';
  const number = 2 + Math.floor(chance() * 97);
  const shape = pick(chance, [
    `${given}-${family}`,
    `${given.slice(0, 1)}${family}`,
    `${family}${number}`,
    `${given}${family}`,
  ]);
  return chance() < 0.7 ? shape.toLowerCase() : shape;
}
