/** Two players and a ball. Sameer Ajmani, "Advanced Go Concurrency Patterns" (2013). */
import { Channel } from 'rxjs-sluice';

const HITS = 20_000;

export async function main() {
  const table = new Channel<{ hits: number }>();
  const game: string[] = [];

  async function player(name: string) {
    for await (const ball of table) {
      game.push(name);
      if (++ball.hits === HITS) table.close();
      else await table.send(ball);
    }
  }

  const players = [player('ping'), player('pong')];
  await table.send({ hits: 0 }); // game on
  await Promise.all(players);
  return {
    hits: game.length,
    rally: game.every((name, n) => name === (n % 2 === 0 ? 'ping' : 'pong')),
  };
}
