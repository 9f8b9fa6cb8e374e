// Whether this Node can run Moose. Written for every Node that reads modules: no syntax and no import that is newer.

var needed = [20, 19];

/** The sentence to show when this Node is too old; undefined when it will do. */
export function nodeTooOld(version) {
  var parts = version.split(".").map(Number);
  if (parts[0] > needed[0] || (parts[0] === needed[0] && parts[1] >= needed[1])) return undefined;
  return (
    "Moose needs Node " +
    needed.join(".") +
    " or later; this is Node " +
    version +
    ". Install a newer one from https://nodejs.org, or with your version manager: nvm install 22."
  );
}
