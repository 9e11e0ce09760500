/**
 * Conway's problem: cards of 80 characters come in, lines of 125 characters go out, where each pair
 * of asterisks has become an arrow, and a space stands behind each card. Hoare, "Communicating
 * Sequential Processes" (1978), 3.1 to 3.6: a coroutine each.
 */
import { Channel, type ReceiveChannel, type SendChannel } from 'rxjs-sluice';

const LINE = 125;

type Read = ReceiveChannel<string>;
type Write = SendChannel<string>;

/** Cards to characters. */
async function disassemble(cards: Read, characters: Write) {
  for await (const card of cards) {
    for (const character of card) await characters.send(character);
    await characters.send(' ');
  }
  characters.close();
}

/** Pairs of asterisks to arrows. */
async function squash(west: Read, east: Write) {
  for await (const character of west) {
    if (character !== '*') {
      await east.send(character);
      continue;
    }
    const { value: next } = await west.receive();
    if (next === '*') {
      await east.send('↑');
    } else {
      await east.send('*');
      if (next !== undefined) await east.send(next);
    }
  }
  east.close();
}

/** Characters to lines, the last of which is filled up. */
async function assemble(characters: Read, lines: Write) {
  let line = '';
  for await (const character of characters) {
    line += character;
    if (line.length < LINE) continue;
    await lines.send(line);
    line = '';
  }
  if (line !== '') await lines.send(line.padEnd(LINE));
  lines.close();
}

/** The problem: all of them at once. */
export async function reformat(cards: Read, lines: Write) {
  const [raw, squashed] = [new Channel<string>(), new Channel<string>()];
  await Promise.all([disassemble(cards, raw), squash(raw, squashed), assemble(squashed, lines)]);
}

export async function main(...deck: string[]) {
  const [cards, lines] = [new Channel<string>(), new Channel<string>()];

  async function read() {
    for (const card of deck) await cards.send(card);
    cards.close();
  }

  const running = Promise.all([read(), reformat(cards, lines)]);
  const printed = [];
  for await (const line of lines) printed.push(line);
  await running;
  return printed;
}
