/**
 * A chat server, without the sockets: a broker owns the list of clients, and selects among who
 * enters, who leaves and what is said. A client that does not listen holds up nobody; it misses what
 * is old. After "The Go Programming Language" (Donovan and Kernighan, 2015), 8.10.
 */
import { Channel, recv, select, type ReceiveChannel, type SendChannel } from 'rxjs-sluice';

interface Client {
  readonly name: string;
  /** What it is to be told. */
  readonly lines: SendChannel<string>;
}

const entering = new Channel<Client>();
const leaving = new Channel<Client>();
const messages = new Channel<string>();

async function broker(): Promise<void> {
  const clients = new Set<Client>();
  const tell = (line: string) => clients.forEach(({ lines }) => lines.trySend(line));
  for (;;) {
    const event = await select({
      entered: recv(entering),
      left: recv(leaving),
      said: recv(messages),
    });
    if (event.done) break; // the server shuts down
    switch (event.case) {
      case 'entered':
        clients.add(event.value);
        tell(`${event.value.name} has arrived`);
        break;
      case 'left':
        clients.delete(event.value);
        event.value.lines.close();
        tell(`${event.value.name} has left`);
        break;
      case 'said':
        tell(event.value);
    }
  }
  for (const { lines } of clients) lines.close();
}

/** Reads what it is told until it is told no more. */
async function listen(lines: ReceiveChannel<string>): Promise<string[]> {
  const heard = [];
  for await (const line of lines) heard.push(line);
  return heard;
}

export async function main() {
  const server = broker();
  let missed = 0;
  const client = (name: string, capacity: number) => ({
    name,
    lines: new Channel<string>(capacity, { overflow: 'drop-oldest', onDrop: () => missed++ }),
  });
  const [ada, bob, eve] = [client('Ada', 8), client('Bob', 8), client('Eve', 2)];

  await entering.send(ada);
  const adaHeard = listen(ada.lines);
  await entering.send(bob);
  const bobHeard = listen(bob.lines);
  await entering.send(eve); // and falls asleep
  await messages.send('Ada: is anybody there?');
  await messages.send('Bob: I am, but I must go');
  await leaving.send(bob);
  await messages.send('Ada: good bye');
  messages.close();
  await server;
  return { Ada: await adaHeard, Bob: await bobHeard, Eve: await listen(eve.lines), missed };
}
