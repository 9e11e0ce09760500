import type { Moment } from '../../diagram/track.js';
import type { Flow, Held, Picture, Row } from './picture.js';
import { byFrame, valuesOf } from './by-frame.js';
import { dropOf } from './drop.js';
import { levelsOf } from './levels.js';
import { isAlive, livesOf } from './life.js';
import { asLine, inWords } from './show.js';

/** What happens in a picture, for those who do not see it: a sentence for each row. */
export function describe({ operator, above, below, caption = '' }: Picture): string {
  const call = asLine(operator);
  const sentences = [...above, ...below].map((row) => sentence(row, call));
  return [`${call}.`, ...sentences, asLine(caption)].filter((each) => each !== '').join(' ');
}

function sentence(row: Row, call: string): string {
  switch (row.role) {
    case 'held':
      return `${row.label === 'held' ? `${call} holds` : `${capital(row.label)}:`} ${levels(row)}.`;
    case 'dropped':
      return `${capital(row.label)}: ${drops(row.track)}.`;
    case 'demand':
      return `${row.label.startsWith('consumer') ? `The ${row.label}` : `${capital(row.label)}:`} ${takes(row.track)}.`;
    default:
      return `${subject(row)} ${flow(row)}.`;
  }
}

/** 'source' is spoken of as the source; a label of several words stands for itself. */
function subject({ role, label }: Flow): string {
  return role !== 'task' && /^\p{Ll}{2,}$/u.test(label) ? `The ${label}` : `${capital(label)}:`;
}

function capital(label: string): string {
  const line = asLine(label);
  return line.charAt(0).toUpperCase() + line.slice(1);
}

function flow({ role, track }: Flow): string {
  const frames = byFrame(track);
  const lives = livesOf(frames);
  const emits = role === 'pulled' ? 'is read for' : 'emits';
  /** What is done, and in which frames what is done to. */
  const deeds: { readonly verb: string; readonly objects: string[] }[] = [];
  const tell = (verb: string, object: string) => {
    const last = deeds.at(-1);
    if (last?.verb === verb) last.objects.push(object);
    else deeds.push({ verb, objects: [object] });
  };
  for (const { frame, moments } of frames) {
    const values = valuesOf(moments).map(inWords);
    const heard = isAlive(lives, frame) ? '' : ' to nobody';
    let told = false;
    for (const moment of moments) {
      if (moment.kind !== 'next') tell(verbOf(moment), `at frame ${frame}`);
      else if (!told) tell(emits, `${list(values)}${heard} at frame ${frame}`);
      told ||= moment.kind === 'next';
    }
  }
  if (deeds.length === 0) return `${emits} nothing`;
  return deeds.map(({ verb, objects }) => `${verb} ${objects.join(', ')}`).join(', then ');
}

function verbOf(moment: Exclude<Moment, { kind: 'next' }>): string {
  switch (moment.kind) {
    case 'complete':
      return 'completes';
    case 'error':
      return `fails with ${inWords(moment.error)}`;
    case 'subscribe':
      return 'is subscribed';
    case 'unsubscribe':
      return 'is unsubscribed';
  }
}

function levels({ track, capacity = Infinity }: Held): string {
  const told = levelsOf(track).map(({ frame, level }) => {
    const parked = level > capacity ? `, ${level - capacity} of them parked,` : '';
    return `${level}${parked} from frame ${frame}`;
  });
  const places = capacity === Infinity ? '' : ` (its capacity is ${capacity})`;
  return `${told.length === 0 ? 'nothing' : told.join(', ')}${places}`;
}

function drops(track: Row['track']): string {
  const told = byFrame(track).flatMap(({ frame, moments }) => {
    const each = valuesOf(moments).map(dropOf);
    const why = each.map(({ value, reason }) => `${inWords(value)} (${asLine(reason)})`);
    return why.length === 0 ? [] : [`${list(why)} at frame ${frame}`];
  });
  return told.length === 0 ? 'nothing' : told.join(', ');
}

function takes(track: Row['track']): string {
  const told = byFrame(track).flatMap(({ frame, moments }) => {
    const count = valuesOf(moments).length;
    return count === 0 ? [] : [`${count === 1 ? '' : `${count} values `}at frame ${frame}`];
  });
  return told.length === 0 ? 'nothing' : told.join(', ');
}

/** a; a and b; a, b and c. */
function list(texts: readonly string[]): string {
  if (texts.length < 2) return texts.join('');
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1) ?? ''}`;
}
