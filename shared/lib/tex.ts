/** Combining characters of TeX's accent commands. */
const ACCENTS: Readonly<Record<string, string>> = {
  '`': '\u0300',
  "'": '\u0301',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  u: '\u0306',
  '.': '\u0307',
  '"': '\u0308',
  r: '\u030a',
  H: '\u030b',
  v: '\u030c',
  c: '\u0327',
  k: '\u0328',
};
/** Letters that TeX writes as commands. */
const LETTERS: Readonly<Record<string, string>> = {
  o: 'ø',
  O: 'Ø',
  l: 'ł',
  L: 'Ł',
  ss: 'ß',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  aa: 'å',
  AA: 'Å',
  i: 'ı',
  j: 'ȷ',
};

const ACCENT = /\\(?:([`'^~=."])\s*|([urHvck])(?:\s+|(?=\{)))(?:\{(\\?\p{L})\}|(\\?\p{L}))/gu;
const LETTER = /\\(AE|OE|AA|ss|ae|oe|aa|[oOlLij])(?:\{\}|\s+|(?![A-Za-z]))/g;
const STYLE = /\\(?:emph|text(?:it|bf|tt|sc|sf|rm|up)?|mbox)\{([^{}]*)\}/g;

/**
 * Replaces TeX's accents, special letters, text styles and escaped punctuation by plain Unicode.
 * Mathematics and unknown commands are left as they are.
 *
 * @example
 * decodeTex('Schr\\"{o}dinger, \\emph{again}, at 5\\%'); // Schrödinger, again, at 5%
 */
export const decodeTex = (text: string): string =>
  text.includes('\\')
    ? text
        .replaceAll(ACCENT, (_, mark, letter, inBraces, bare) => {
          const base = (inBraces ?? bare).replace(/^\\/, '');
          return `${base}${ACCENTS[mark ?? letter]}`.normalize('NFC');
        })
        .replaceAll(LETTER, (_, name) => LETTERS[name] ?? '')
        .replaceAll(STYLE, '$1')
        .replaceAll(/\\([&%#_])/g, '$1')
    : text;

/** Symbols of mathematics by their commands. */
const SYMBOLS: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ ' +
    'sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ ' +
    'Omega Ω times × cdot · pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ sim ~ equiv ≡ propto ∝ ll ≪ gg ≫ in ∈ subset ⊂ ' +
    'cup ∪ cap ∩ forall ∀ exists ∃ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ to → rightarrow → leftarrow ← Rightarrow ⇒ ' +
    'leftrightarrow ↔ uparrow ↑ downarrow ↓ mapsto ↦ ldots … dots … cdots ⋯ ell ℓ circ ° degree ° star ⋆ ast * oplus ⊕ otimes ⊗ ' +
    'langle ⟨ rangle ⟩ mid | vert | Vert ‖ prime ′ dagger † log log exp exp min min max max arg arg sqrt √ lfloor ⌊ rfloor ⌋ ' +
    'lceil ⌈ rceil ⌉ left  right  quad  qquad  big  Big '
  )
    .match(/\S+ \S*/g)
    ?.map((pair) => pair.split(' ')) ?? [],
);
const PHRASES: Readonly<Record<string, string>> = { eg: 'e.g.', ie: 'i.e.', deg: '°' };
const DOUBLE_STRUCK: Readonly<Record<string, string>> = { C: 'ℂ', E: '𝔼', N: 'ℕ', P: 'ℙ', Q: 'ℚ', R: 'ℝ', Z: 'ℤ' };

/** Pairs the letters of two alphabets. */
const zip = (plain: string, raised: string): ReadonlyMap<string, string> => {
  const letters = [...raised];
  return new Map([...plain].map((letter, at) => [letter, letters[at] ?? '']));
};
const SCRIPTS = {
  '^': zip(
    '0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW*′°',
    '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ*′°',
  ),
  _: zip('0123456789+-=()aehijklmnoprstuvx', '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ'),
} as const;

/** Raises or lowers a text; what has no such letters keeps its sign, and brackets where it has several letters. */
function toScript(sign: '^' | '_', text: string): string {
  const letters = [...text].map((letter) => SCRIPTS[sign].get(letter));
  if (!letters.includes(undefined)) return letters.join('');
  return text.length === 1 ? `${sign}${text}` : `${sign}(${text})`;
}

const bracket = (text: string): string => (/^[\p{L}\p{N}.√]+$/u.test(text) ? text : `(${text})`);

/** Writes what is in braces in one line, from the innermost outwards: fractions, roots, and what is raised or lowered. */
function flatten(math: string): string {
  const text = math
    .replaceAll(/\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, (_, over, under) => `${bracket(over)}/${bracket(under)}`)
    .replaceAll(/\\sqrt\s*\{([^{}]*)\}/g, (_, under) => `√${bracket(under)}`)
    .replaceAll(/([\^_])\s*\{([^{}]*)\}/g, (_, sign, group) => toScript(sign, group));
  return text === math ? text : flatten(text);
}

/** Mathematics as plain text; null if it has a command that is not known. */
function mathToText(math: string): string | null {
  const symbols = math
    .replaceAll(
      /\\(?:math(?:rm|bf|cal|it|sf|tt|frak)|boldsymbol|bm|text(?:rm|bf|it|tt|sf)?|operatorname|mbox|hat|bar|tilde|vec)\s*\{([^{}]*)\}/g,
      '$1',
    )
    .replaceAll(/\\mathbb\s*\{?([A-Z])\}?/g, (_, letter) => DOUBLE_STRUCK[letter] ?? letter)
    .replaceAll(/\\([A-Za-z]+)(?!\s*\{|[A-Za-z])(\s*)/g, (command, name, blank) =>
      SYMBOLS[name] === name ? name + blank : (SYMBOLS[name] ?? command),
    )
    .replaceAll(/\\[,;:! ]|~/g, ' ')
    .replaceAll(/\\([{}%&$#_|])/g, '$1');
  const text = flatten(symbols)
    .replaceAll(/([\^_])\s*([^\s{}(])/g, (_, sign, letter) => toScript(sign, letter))
    .replaceAll(/[{}]/g, '');
  return text.includes('\\') ? null : text;
}

/** Mathematics between dollars, without a blank inside of either: `$5 and $10` is not mathematics. */
const MATH = /\$\$?(?=\S)((?:[^$\\]|\\.)*?(?:[^$\\\s]|\\.))\$\$?|\\\((.+?)\\\)/g;

/**
 * Replaces TeX by plain Unicode as `decodeTex` does, and mathematics too where it can be written in one line.
 *
 * @example
 * texToText('$10^{6}$ tokens in $\\mathbb{R}^d$, for $5'); // 10⁶ tokens in ℝᵈ, for $5
 */
export const texToText = (text: string): string =>
  decodeTex(
    text.replaceAll(MATH, (whole, dollars, brackets, at) => {
      const isPrice = !/[\\^_{]/.test(whole) && /\d/.test(text[at + whole.length] ?? '');
      return isPrice ? whole : (mathToText(dollars ?? brackets) ?? whole);
    }),
  )
    .replaceAll(/\{\\(?:em|bf|it|tt|sc)\s+([^{}]*)\}|\\(?:url|footnote|href\{[^{}]*\})\{([^{}]*)\}/g, '$1$2')
    .replaceAll(/\{\\([A-Za-z]+)\}|\\([A-Za-z]+)\b/g, (command, braced, bare) => {
      const name = braced ?? bare;
      return PHRASES[name] ?? SYMBOLS[name] ?? command;
    })
    .replaceAll(/(?<=[\p{L}\p{N})])([\^_])\{([^{}\\]*)\}/gu, (_, sign, group) => toScript(sign, group))
    .replaceAll('\\$', '$');
