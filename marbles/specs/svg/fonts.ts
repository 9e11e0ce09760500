/** What a text is set in. */
export interface Font {
  /** In the picture's units, which are pixels where it is not scaled. */
  readonly size: number;
  readonly face: 'regular' | 'bold' | 'mono';
}

/** Every font of a picture, by the class of the texts that are set in it. */
export const fonts = {
  title: { size: 16, face: 'bold' },
  call: { size: 15, face: 'mono' },
  label: { size: 13, face: 'regular' },
  note: { size: 11.5, face: 'regular' },
  value: { size: 13, face: 'bold' },
  item: { size: 12, face: 'bold' },
  level: { size: 12, face: 'bold' },
  reason: { size: 11.5, face: 'regular' },
  times: { size: 11.5, face: 'bold' },
  axis: { size: 11, face: 'regular' },
  caption: { size: 13, face: 'regular' },
} as const satisfies Record<string, Font>;

export type FontName = keyof typeof fonts;

/** None is fetched: a picture in a page's `<img>` may not. */
export const families = {
  text: "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
  code: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
};

export const lineHeight = (name: FontName): number => Math.ceil(fonts[name].size * 1.3);
