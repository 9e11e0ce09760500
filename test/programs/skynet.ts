/**
 * A tree of tasks, each of which starts ten more and adds up what they report, down to 100,000 that
 * report their own number. After Alexander Temerev's benchmark "Skynet".
 */
import { Channel, type SendChannel } from 'rxjs-sluice';

const CHILDREN = 10;

async function skynet(report: SendChannel<number>, number: number, size: number): Promise<void> {
  if (size === 1) return report.send(number);
  const reports = new Channel<number>();
  for (let n = 0; n < CHILDREN; n++) {
    void skynet(reports, number + (n * size) / CHILDREN, size / CHILDREN);
  }
  let sum = 0;
  for (let n = 0; n < CHILDREN; n++) sum += (await reports.receive()).value as number;
  return report.send(sum);
}

export async function main() {
  const report = new Channel<number>();
  void skynet(report, 0, 100_000);
  return (await report.receive()).value;
}
