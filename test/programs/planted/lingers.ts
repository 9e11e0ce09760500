import { after, select } from 'rxjs-sluice';

/** Is over long before the timer that it leaves behind. */
export function main() {
  void select({ morning: after(3_600_000) });
  return 'good night';
}
