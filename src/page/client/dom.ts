type Child = Node | string | undefined | false;
type Attributes = Record<string, string | number | boolean | undefined | ((event: never) => void)>;

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value as EventListener);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** An element. A function among the attributes listens to the event of that name; a text child is text, never markup. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** An SVG element of one path, drawn in the colour of the text around it. */
export function svg(path: string): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const [picture, line] = [document.createElementNS(namespace, 'svg'), document.createElementNS(namespace, 'path')];
  setAttributes(picture, { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true' });
  line.setAttribute('d', path);
  picture.append(line);
  return picture;
}

/** A button that says what it does to those who see it and to those who do not. */
export const iconButton = (
  label: string,
  path: string,
  onClick?: () => void,
  attributes: Attributes = {},
): HTMLButtonElement =>
  h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': label, title: label, click: onClick, ...attributes },
    svg(path),
  );
