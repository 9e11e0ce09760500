import { gathered } from '../callbacks.js';
import { unpacked, type Value } from '../values.js';
import { Line } from './line.js';

/** Everything that has to wait is combined into one. */
export class Conflated extends Line {
  readonly places = 1;

  override get held(): number {
    return this.line.flatMap(unpacked).length;
  }

  protected override store(value: Value): void {
    const [held] = this.line;
    this.line[0] = held === undefined ? value : gathered(held, value);
  }
}
