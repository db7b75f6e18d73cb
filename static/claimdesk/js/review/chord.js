// One name for each combination of keys. Letters and signs go by their place on the keyboard (event.code): a Thai or a
// Chinese layout changes event.key. AltGr (Ctrl+Alt) is for typing and never a command.

const BY_PLACE = /^(Key[A-Z]|Digit\d|Slash|Equal|Minus|NumpadAdd|NumpadSubtract)$/;

/** The key belongs to an input method; some browsers say so by the code alone. */
export const isComposing = (event) => event.isComposing || event.keyCode === 229;

/** "Alt+Shift+ArrowDown", "Ctrl+KeyZ", "F8"; null while an input method composes. */
export function chord(event) {
  if (isComposing(event)) return null;
  const ctrl = event.ctrlKey || event.metaKey;
  if (ctrl && event.altKey) return null;
  const held = [ctrl && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift"].filter(Boolean);
  const byPlace = (ctrl || event.altKey) && BY_PLACE.test(event.code);
  return [...held, byPlace ? event.code : event.key].join("+");
}

/** Runs the command of the chord, if there is one; a command that returns false leaves the key to the browser. */
export function runCommand(event, commands) {
  const name = chord(event);
  const command = name && commands[name];
  if (!command || command(event) === false) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}
