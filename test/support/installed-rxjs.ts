/** Each rxjs that the peer range promises, by the name under which package.json installs it; from the oldest on. */
export const installedRxjs = ['rxjs-7.5.5', 'rxjs', 'rxjs-8'] as const;

export type InstalledRxjs = (typeof installedRxjs)[number];
