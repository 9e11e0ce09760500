/** Hands the turn from promise to promise for ever, so that no timer ever fires. */
export async function main() {
  for (;;) await Promise.resolve();
}
