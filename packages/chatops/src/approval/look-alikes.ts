/**
 * Letters and digits of other scripts, and small capitals, by the Latin letter or digit that they pass for (Unicode Technical Standard 39,
 * confusables.txt: Cyrillic, Greek, Armenian and Latin). Full width, mathematical letters and the like are no part of it: NFKD has them.
 */
const lookAlikes: Readonly<Record<string, string>> = {
  a: 'аАαΑɑᴀ',
  b: 'ВвΒЬьʙ',
  c: 'сСϲϹᴄ',
  d: 'ԁԀᴅ',
  e: 'еЕΕεҽᴇɛ',
  f: 'ϝϜƒꜰ',
  g: 'ɡցɢԍ',
  h: 'һҺНнΗհʜ',
  i: 'іІιΙıɩɪӀӏǀ',
  j: 'јЈϳյᴊ',
  k: 'кКκΚᴋ',
  m: 'мМΜϺᴍ',
  n: 'пոռΝηɴ',
  o: 'оОοΟσօՕᴏ',
  p: 'рРρΡᴘ',
  q: 'ԛԚզգ',
  r: 'гʀ',
  s: 'ѕЅꜱ',
  t: 'тТτΤᴛ',
  u: 'υսʋᴜՍ',
  v: 'νѵѴᴠ',
  w: 'ѡԝԜωաᴡ',
  x: 'хХχΧ',
  y: 'уУγΥүҮʏ',
  z: 'Ζᴢ',
  2: 'Ƨ',
  5: 'Ƽ',
  6: 'б',
};

const latinOf: ReadonlyMap<string, string> = new Map(
  Object.entries(lookAlikes).flatMap(([latin, others]) => Array.from(others, (other) => [other, latin] as const)),
);

/** Letters that pass for each other in many typefaces, alone or side by side. */
const samePictures: readonly (readonly [RegExp, string])[] = [
  [/[l1|]/g, 'i'],
  [/0/g, 'o'],
  [/rn/g, 'm'],
  [/vv/g, 'w'],
];

/**
 * The same for texts that look the same to a reader: without case, accents, spaces, punctuation and what can't be seen, whatever the script.
 * For comparing; it is no text to show.
 */
export function folded(text: string): string {
  const latin = Array.from(text.normalize('NFKD'), (character) => latinOf.get(character) ?? character).join('');
  const lower = Array.from(latin.toLowerCase(), (character) => latinOf.get(character) ?? character).join('');
  const words = lower.replace(/\p{Default_Ignorable_Code_Point}|[^\p{L}\p{N}|]/gu, '');
  return samePictures.reduce((seen, [picture, instead]) => seen.replace(picture, instead), words);
}
